"""The compiled loops that read numbers and find the benchmark items nearest to a text; see `rephrased`."""

import numpy as np
import numpy.typing as npt

from synth_assets.compiled import compiled, part_of_compiled
from synth_assets.decontamination.word_loops import NUMBER

Bytes = npt.NDArray[np.uint8]
Whole = npt.NDArray[np.int64]
Number = npt.NDArray[np.int32]
Hashes = npt.NDArray[np.uint64]
Real = npt.NDArray[np.float64]
Small = npt.NDArray[np.float32]

_LARGEST = 1e15  # a number of hundreds of digits would weigh infinitely much
_HALF, _ONE = np.uint64(32), np.uint64(1)
_POINT, _ZERO, _NINE = 46, 48, 57


@part_of_compiled
def _number_of(key: np.uint64, keys: Hashes, slots: Number) -> int:
    """The number of a key in a table by :func:`gram_loops.fill_table`; -1 where it is not there."""
    last = np.uint64(len(slots) - 1)
    slot = (key >> _HALF) & last
    while slots[slot]:
        if keys[slots[slot] - 1] == key:
            return int(slots[slot] - 1)
        slot = (slot + _ONE) & last
    return -1


@compiled
def read_numbers(
    text: Bytes,
    begins: Number,
    ends: Number,
    kinds: Bytes,
    keys: Hashes,
    slots: Number,
    meant: Hashes,
    values: Real,
    hashes: Hashes,
    weights: Real,
) -> None:  # pragma: no cover
    """Write a number's weight, log2(2 + x), to `weights`, 0 for other words; a number word gets its digits' hash.

    Args:
        text: As `words.Words`, like the next three.
        begins: See there.
        ends: See there.
        kinds: See there.
        keys: Hashes of the words that stand for numbers, with their table.
        slots: See `gram_loops.fill_table`.
        meant: The hash of the digits that each means.
        values: The value of each.
        hashes: Of the words; changed in place.
        weights: Shape (words,).
    """
    for word in range(len(hashes)):
        weights[word] = 0.0
        if kinds[word] == NUMBER:
            value, scale = 0.0, 0.0
            for place in range(begins[word], ends[word]):
                byte = text[place]
                if byte == _POINT:
                    scale = 1.0
                elif _ZERO <= byte <= _NINE:
                    value = 10.0 * value + (byte - _ZERO)
                    scale *= 10.0
            weights[word] = np.log2(2.0 + min(value / scale if scale > 0 else value, _LARGEST))
            continue
        number = _number_of(hashes[word], keys, slots)
        if number >= 0:
            hashes[word], weights[word] = meant[number], np.log2(2.0 + values[number])


@part_of_compiled
def _common(hashes: Hashes, begin: int, end: int, item: Hashes, row: Number) -> int:
    """Words of the longest common subsequence of `hashes[begin:end]` and `item`; `row` has room for one word more."""
    row[: len(item) + 1] = 0
    for place in range(begin, end):
        word, diagonal = hashes[place], np.int32(0)
        for column in range(1, len(item) + 1):
            above = row[column]
            if item[column - 1] == word:
                row[column] = diagonal + 1
            elif row[column - 1] > above:
                row[column] = row[column - 1]
            diagonal = above
    return int(row[len(item)])


@compiled
def common_subsequences(
    hashes: Hashes, starts: Whole, item_hashes: Hashes, item_starts: Whole, texts: Whole, items: Whole, common: Whole
) -> None:  # pragma: no cover
    """Write to `common[i]` the words that the text `texts[i]` and the item `items[i]` have in the same order."""
    most = 0
    for item in items:
        most = max(most, item_starts[item + 1] - item_starts[item])
    row = np.empty(most + 1, np.int32)
    for pair in range(len(texts)):
        item = item_hashes[item_starts[items[pair]] : item_starts[items[pair] + 1]]
        common[pair] = _common(hashes, starts[texts[pair]], starts[texts[pair] + 1], item, row)


@part_of_compiled
def _agreement(
    hashes: Hashes, weights: Real, item_hashes: Hashes, item_weights: Real, used: Bytes, without: float
) -> float:
    """Shared weight of the numbers of a text and an item over the weight of all of them; `without` any, that."""
    every = shared = 0.0
    for place in range(len(hashes)):
        used[place] = 0
        every += weights[place]
    for word in range(len(item_hashes)):
        if item_weights[word] == 0.0:
            continue
        every += item_weights[word]
        for place in range(len(hashes)):
            if not used[place] and weights[place] > 0.0 and hashes[place] == item_hashes[word]:
                used[place] = 1
                shared += item_weights[word]
                break
    every -= shared
    return shared / every if every > 0.0 else without


@compiled
def number_agreements(
    texts: tuple[Hashes, Real, Whole],
    items: tuple[Hashes, Real, Whole],
    text: Whole,
    item: Whole,
    without: float,
    agreements: Real,
) -> None:  # pragma: no cover
    """Write how far the numbers of each pair `text[i]`, `item[i]` agree; `without` where neither has any.

    The sides are hashes, number weights and starts of their words.
    """
    hashes, weights, starts = texts
    item_hashes, item_weights, item_starts = items
    most = 0
    for number in range(len(starts) - 1):
        most = max(most, starts[number + 1] - starts[number])
    used = np.empty(most, np.uint8)
    for pair in range(len(text)):
        ours = slice(starts[text[pair]], starts[text[pair] + 1])
        theirs = slice(item_starts[item[pair]], item_starts[item[pair] + 1])
        agreements[pair] = _agreement(
            hashes[ours], weights[ours], item_hashes[theirs], item_weights[theirs], used, without
        )


@compiled
def similar_items(
    texts: tuple[Hashes, Real, Whole],
    items: tuple[Hashes, Real, Whole],
    vocabulary: tuple[Hashes, Number, Real],
    postings: tuple[Whole, Number, Small],
    rarest: float,
    mix: tuple[float, float, float],
    least: float,
    least_cosine: float,
    candidates: int,
    found: tuple[Whole, Whole, Real],
) -> int:  # pragma: no cover
    """Find, among the items nearest to each text, those at least `least` similar.

    Args:
        texts: Hashes, number weights and starts of the texts' words.
        items: The same of the items.
        vocabulary: Distinct hashes of the items' words, their table, and the rarity of each.
        postings: For each word of the vocabulary the items that have it and its part of their vectors of length one:
            starts, items, parts.
        rarest: Rarity of a word that no item has.
        mix: Weights of cosine, order and numbers.
        least: Similarity to be found.
        least_cosine: A less near item is no candidate.
        candidates: Nearest items looked at for a text.
        found: Text, item and similarity are written here, as long as there is room.

    Returns:
        How many there are.
    """
    hashes, weights, starts = texts
    item_hashes, item_weights, item_starts = items
    keys, slots, rarity = vocabulary
    posting_starts, posting_items, posting_parts = postings
    cosine_weight, order_weight, numbers_weight = mix
    found_texts, found_items, found_similarities = found
    longest = longest_item = 0
    for text in range(len(starts) - 1):
        longest = max(longest, starts[text + 1] - starts[text])
    for item in range(len(item_starts) - 1):
        longest_item = max(longest_item, item_starts[item + 1] - item_starts[item])
    used, row = np.empty(longest, np.uint8), np.empty(longest_item + 1, np.int32)
    products = np.zeros(len(item_starts) - 1, np.float32)
    best_items, best_products = np.empty(candidates, np.int64), np.empty(candidates, np.float32)
    many = 0
    for text in range(len(starts) - 1):
        begin, end = starts[text], starts[text + 1]
        if begin == end:
            continue
        ordered = np.sort(hashes[begin:end])
        products[:] = 0
        square, place = 0.0, 0
        while place < len(ordered):
            after = place + 1
            while after < len(ordered) and ordered[after] == ordered[place]:
                after += 1
            word = _number_of(ordered[place], keys, slots)
            part = (after - place) * (rarity[word] if word >= 0 else rarest)
            square += part * part
            if word >= 0:
                for posting in range(posting_starts[word], posting_starts[word + 1]):
                    products[posting_items[posting]] += np.float32(part) * posting_parts[posting]
            place = after
        norm = np.sqrt(square)
        held, bound = 0, np.float32(least_cosine * norm)
        for item in range(len(products)):
            if products[item] < bound:
                continue
            place = min(held, candidates - 1)
            if held == candidates and products[item] <= best_products[place]:
                continue
            while place and products[item] > best_products[place - 1]:
                best_items[place], best_products[place] = best_items[place - 1], best_products[place - 1]
                place -= 1
            best_items[place], best_products[place] = item, products[item]
            held = min(held + 1, candidates)
            if held == candidates:
                bound = best_products[candidates - 1]
        for place in range(held):
            item = best_items[place]
            first, last = item_starts[item], item_starts[item + 1]
            similarity = cosine_weight * best_products[place] / norm + numbers_weight * _agreement(
                hashes[begin:end], weights[begin:end], item_hashes[first:last], item_weights[first:last], used, 0.0
            )
            if similarity + order_weight < least:
                continue  # not even equal order would do
            common = _common(hashes, begin, end, item_hashes[first:last], row)
            similarity += order_weight * 2 * common / (end - begin + last - first)
            if similarity >= least:
                if many < len(found_texts):
                    found_texts[many], found_items[many], found_similarities[many] = text, item, similarity
                many += 1
    return many
