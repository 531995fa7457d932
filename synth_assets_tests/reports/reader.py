"""A page as a browser sees it."""

from html.parser import HTMLParser


class Reader(HTMLParser):
    """What a browser would see: tags with their attributes, and the text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    @property
    def words(self) -> str:
        """The text with single spaces."""
        return " ".join(self.text.split())

    def handle_endtag(self, tag: str) -> None:
        self.text += " " if tag in ("td", "th", "tr", "div", "p") else ""

    def handle_data(self, data: str) -> None:
        self.text += data
