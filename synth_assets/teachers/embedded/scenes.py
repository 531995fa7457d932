"""Scenes of problems: the people, things and places a document speaks of."""

import random
import re
from functools import cache

from ahocorasick_rs import AhoCorasick

from synth_assets.teachers.embedded.skill import Setting

PEOPLE = tuple(
    """
    Ada Agnes Ahmed Aisha Alice Amara Amir Ana Anders Anika Anna Arjun Asha Astrid Ben Bianca Bruno Carla Carlos
    Carmen Chen Chiara Clara Daniel David Dev Diego Dora Eileen Elena Elif Emeka Emil Emma Erik Esther Eva Fatima
    Felix Fiona Frida Gabriel George Grace Greta Hana Hannah Hassan Helen Henrik Hugo Ibrahim Ida Imani Ines Ingrid
    Irene Isaac Ivan Jack James Jana Joan Jonas Jorge Joseph Julia Kai Karim Karin Kofi Kwame Laila Lars Laura Layla
    Lena Leo Li Lin Linh Lucas Lucia Luis Lukas Magda Malik Marco Maria Marta Mateo Maya Mei Mia Miguel Mina Miriam
    Mohamed Nadia Naomi Nia Nico Nina Noah Noor Olga Oliver Omar Oscar Pablo Paul Pedro Peter Petra Priya Rafael
    Rahul Ravi Rosa Rosie Ruth Samir Sana Sara Sarah Sofia Stefan Suki Sunil Susan Tariq Teresa Theo Thomas Tom
    Tomas Uma Vera Victor Wei Yara Yuki Yusuf Zainab Zara Zoe
    """.split()
)
ITEMS = (
    "apples", "bags", "beads", "bicycles", "boards", "books", "bottles", "boxes", "bricks", "buttons", "cakes",
    "candles", "cards", "chairs", "coins", "cookies", "crates", "cups", "eggs", "envelopes", "flowers", "jars", "keys",
    "kites", "ladders", "lamps", "lanterns", "lemons", "letters", "loaves", "magazines", "marbles", "masks", "mugs",
    "nails", "needles", "notebooks", "oranges", "paintings", "pancakes", "pastries", "pencils", "pens", "photographs",
    "pies", "plants", "plates", "posters", "postcards", "pots", "puppets", "puzzles", "rings", "roses", "sandwiches",
    "scarves", "seedlings", "seeds", "shells", "shirts", "spoons", "stamps", "stickers", "stones", "tables", "tickets",
    "tiles", "tomatoes", "toys", "trays", "trees", "tulips", "umbrellas", "vases", "wheels",
)  # fmt: skip
PLACES = (
    "airport", "archive", "bakery", "barn", "beach", "bookshop", "bridge", "cafe", "camp", "canteen", "cinema",
    "clinic", "community centre", "concert hall", "depot", "dock", "factory", "fair", "farm", "ferry terminal",
    "festival", "fire station", "garage", "garden", "greenhouse", "gym", "harbour", "hospital", "hotel", "kitchen",
    "laboratory", "library", "lighthouse", "market", "mill", "museum", "nursery", "observatory", "office", "orchard",
    "park", "pier", "playground", "pool", "post office", "quarry", "railway station", "restaurant", "school",
    "shipyard", "shop", "stadium", "studio", "theatre", "town hall", "vineyard", "warehouse", "workshop", "zoo",
)  # fmt: skip


def scene_of(text: str, rng: random.Random) -> Setting:
    """A scene from the people, things and places `text` names; what it does not name is drawn from the lists."""
    named = re.findall(r"[A-Z][a-z]+", text)
    people = _mentioned_first([name for name in named if name in set(PEOPLE)], PEOPLE, rng, count=2)
    words = text.lower()
    items = _mentioned_first([ITEMS[index] for index in _whole_matches(ITEMS, words)], ITEMS, rng, count=1)
    places = _mentioned_first([PLACES[index] for index in _whole_matches(PLACES, words)], PLACES, rng, count=1)
    return Setting(people[0], people[1], items[0], f"the {places[0]}")


def _mentioned_first(found: list[str], otherwise: tuple[str, ...], rng: random.Random, count: int) -> list[str]:
    """`count` distinct names, drawn from those found while they last, then from the list."""
    known = list(dict.fromkeys(found))
    rng.shuffle(known)
    rest = [name for name in otherwise if name not in known]
    return [*known, *rng.sample(rest, count)][:count]


@cache
def _automaton(words: tuple[str, ...]) -> AhoCorasick:
    return AhoCorasick(list(words))


def _whole_matches(words: tuple[str, ...], text: str) -> list[int]:
    return [
        index
        for index, start, end in _automaton(words).find_matches_as_indexes(text, overlapping=True)
        if not (start and text[start - 1].isalpha()) and not (end < len(text) and text[end].isalpha())
    ]
