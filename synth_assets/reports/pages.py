"""Templates of the pages this project writes. HTML is escaped always: documents and models are not trusted."""

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("synth_assets.reports"),
        autoescape=lambda name: name is not None and ".html" in name,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def page(name: str) -> Template:
    """The template `name` of the folder `templates`."""
    return _environment().get_template(name)


def shown(value: object) -> str:
    """A figure as people read it: thousands separated, fractions to four significant digits, nothing for null."""
    if value is None:
        return ""
    if isinstance(value, bool | str):
        return str(value)
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:,.4g}" if abs(value) < 10_000 else f"{value:,.0f}"
    return str(value)
