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
