"""A picture in the formats it is shown in: PNG bytes, SVG text, and Markdown for the UI."""

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO, StringIO
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.figure import Figure

PALETTE = (
    *("#1b6ca8", "#d1495b", "#2a9d6f", "#8f5fb8", "#c77d0a", "#3a4a5a"),
    *("#b8488f", "#5b8c2a", "#12a3b4", "#7a4b2a", "#98a2ad", "#e3a6b8"),
)
"""Line colours, told apart also by readers with a colour deficiency; used in turn."""
INK, FAINT = "#1f2933", "#d9dee4"
"""Words and axes; grid lines."""
WIDEST_SHOWN = 900
"""Pixels of a picture in the Dagster UI."""

_UNDATED: Mapping[str, Any] = {"Date": None, "Creator": None}


@dataclass(frozen=True)
class Picture:
    """One picture in two formats."""

    png: bytes
    svg: str

    @property
    def markdown(self) -> str:
        """The PNG inside a Markdown image, as the Dagster UI shows it: no wider than its dialog, which would cut it."""
        return f"![picture](data:image/png;base64,{b64encode(_narrowed(self.png)).decode()})"


def _narrowed(png: bytes) -> bytes:
    from PIL import Image  # matplotlib writes its PNGs by it

    with Image.open(BytesIO(png)) as image:
        if image.width <= WIDEST_SHOWN:
            return png
        narrow = BytesIO()
        size = (WIDEST_SHOWN, round(image.height * WIDEST_SHOWN / image.width))
        image.convert("RGB").resize(size, Image.Resampling.LANCZOS).quantize(128).save(narrow, format="png")
        return narrow.getvalue()


def rendered(figure: "Figure", dpi: float = 150) -> Picture:
    """`figure` as a picture; the same figure gives the same bytes, for no date or version is written into it."""
    import matplotlib as mpl

    png, svg = BytesIO(), StringIO()
    figure.savefig(png, format="png", dpi=dpi, metadata={"Software": None})
    with mpl.rc_context({"svg.hashsalt": "synth_assets"}):
        figure.savefig(svg, format="svg", metadata=dict(_UNDATED))
    return Picture(png.getvalue(), svg.getvalue())
