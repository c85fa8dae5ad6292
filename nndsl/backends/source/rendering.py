"""Templates, and black where it is needed."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from nndsl import resources

if TYPE_CHECKING:
    from jinja2 import Environment


@lru_cache(maxsize=1)
def _templates() -> Environment:
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    return Environment(
        loader=FunctionLoader(lambda name: resources.read_text("templates", name)),
        undefined=StrictUndefined,
        keep_trailing_newline=False,
        autoescape=False,
    )


def render(template: str, **values: Any) -> str:
    """A template with these values."""
    return _templates().get_template(f"{template}.py.jinja").render(values)


def settled(source: str) -> str:
    """The source as black lays it out."""
    import black

    return black.format_str(source, mode=black.Mode())
