"""Small pictures for the pages of assets: histograms and bars as SVG text, a few kilobytes, made in a millisecond.

What does not live here: the pictures of the report, which matplotlib draws: loading it takes longer than most steps.
Shown through `<img>`, an SVG runs no script; its words are escaped all the same.
"""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from html import escape

import numpy as np
import polars as pl

COLOURS = ("#2e6f95", "#d1495b", "#e0a458", "#6a994e", "#8a5a9e", "#7f8c99")
INK, FAINT = "#22303c", "#d9dee4"

WIDTH = 720
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 16, 34, 44
_BAR_HEIGHT, _BAR_STEP = 18, 26


def histogram(series: Mapping[str, pl.Series], edges: Sequence[float], across: str, up: str, height: int = 230) -> str:
    """How many values of each series fall between which edges, stacked, as a Markdown image.

    Edges may be uneven; bins are drawn equally wide and labelled with their edges.
    """
    counts = {
        name: np.histogram(np.clip(values.drop_nulls().to_numpy(), edges[0], edges[-1]), bins=np.asarray(edges))[0]
        for name, values in series.items()
    }
    most = max(1, int(sum(counts.values()).max()))  # type: ignore[union-attr]
    bins, plot_width, plot_height = len(edges) - 1, WIDTH - _LEFT - _RIGHT, height - _TOP - _BOTTOM
    step = plot_width / bins
    parts = [_legend({name: int(found.sum()) for name, found in counts.items()})]
    for line in _round_steps(most):
        y = _TOP + plot_height * (1 - line / most)
        parts.append(f'<path d="M{_LEFT} {y:.1f}H{WIDTH - _RIGHT}" stroke="{FAINT}"/>')
        parts.append(_words(f"{line:,}", _LEFT - 6, y + 4, "end"))
    for place in range(bins):
        bottom = float(_TOP + plot_height)
        for colour, found in zip(COLOURS, counts.values(), strict=False):
            tall = plot_height * int(found[place]) / most
            bottom -= tall
            x = _LEFT + place * step + 1
            if tall:
                parts.append(
                    f'<rect x="{x:.1f}" y="{bottom:.1f}" width="{step - 2:.1f}" height="{tall:.1f}" fill="{colour}"/>'
                )
    labelled = max(1, round(len(edges) / 10))
    for place in range(0, len(edges), labelled):
        parts.append(_words(_short(edges[place]), _LEFT + place * step, height - _BOTTOM + 16, "middle"))
    parts.append(_words(across, _LEFT + plot_width / 2, height - 8, "middle"))
    parts.append(_words(up, 4, _TOP - 18, "start"))
    return _image(parts, height)


def bars(rows: Mapping[str, Mapping[str, int]]) -> str:
    """Horizontal bars with their parts, each with its count, as a Markdown image. All bars have the same parts."""
    names = list(next(iter(rows.values()))) if rows else []
    most = max([1, *(sum(parts.values()) for parts in rows.values())])
    left = 30 + 7 * max([len(label) for label in rows] or [0])
    totals = {name: sum(parts[name] for parts in rows.values()) for name in names}
    drawn = [_legend(totals, 12)]
    for number, (label, parts) in enumerate(rows.items()):
        x, y = float(left), _TOP + number * _BAR_STEP
        drawn.append(_words(label, left - 8, y + 13, "end"))
        for colour, count in zip(COLOURS, parts.values(), strict=False):
            wide = (WIDTH - left - 90) * count / most
            drawn.append(f'<rect x="{x:.1f}" y="{y}" width="{wide:.1f}" height="{_BAR_HEIGHT}" fill="{colour}"/>')
            x += wide
        drawn.append(_words(f"{sum(parts.values()):,}", x + 6, y + 13, "start"))
    return _image(drawn, _TOP + len(rows) * _BAR_STEP + 6)


def _legend(totals: Mapping[str, int], x: int = _LEFT + 90) -> str:
    drawn = []
    for colour, (name, total) in zip(COLOURS, totals.items(), strict=False):
        said = f"{name} ({total:,})"
        drawn.append(f'<rect x="{x}" y="8" width="11" height="11" fill="{colour}"/>{_words(said, x + 16, 18, "start")}')
        x += 28 + round(6.2 * len(said))
    return "".join(drawn)


def _round_steps(most: int) -> list[int]:
    """A few round numbers up to `most`, from 0."""
    step = 10 ** (len(str(most)) - 1)
    step = next((part for part in (step // 5, step // 2, step, 2 * step) if part and most / part <= 5), 5 * step)
    return list(range(0, most + 1, max(1, step)))


def _short(value: float) -> str:
    for size, unit in ((1e9, "B"), (1e6, "M"), (1e3, "k")):
        if abs(value) >= size:
            return f"{value / size:.3g}{unit}"
    return f"{value:.3g}"


def _words(words: str, x: float, y: float, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'


def _image(parts: Sequence[str], height: int) -> str:
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}" '
        f'font-family="sans-serif" font-size="12" fill="{INK}">'
        f'<rect width="{WIDTH}" height="{height}" fill="white"/>{"".join(parts)}</svg>'
    )
    return f"![picture](data:image/svg+xml;base64,{b64encode(svg.encode()).decode()})"
