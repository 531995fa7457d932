"""Pictures as parts of a page."""

import re

from markupsafe import Markup

from synth_assets.seeds import seed_of


def inline(svg: str) -> Markup:
    """An SVG as part of a page, without its XML head and with ids of its own (two pictures must not share any)."""
    body = svg[svg.index("<svg") :]
    prefix = f"p{seed_of(body)}-"
    body = re.sub(r'\bid="', f'id="{prefix}', body)
    body = re.sub(r"url\(#", f"url(#{prefix}", body)
    body = re.sub(r'href="#', f'href="#{prefix}', body)
    return Markup(body)  # drawn by us; matplotlib escapes the labels
