"""Reading and printing ``.nn`` text."""

from nndsl.source import Source
from nndsl.syntax import tree
from nndsl.syntax.characters import decode
from nndsl.syntax.parser import parse, parse_expression

__all__ = ["decode", "expression_text", "format_text", "parse", "parse_expression"]


def format_text(source: Source) -> str:
    """The text in its canonical layout; see ``printer.format_text``."""
    from nndsl.syntax import printer

    return printer.format_text(source)


def expression_text(node: tree.Node) -> str:
    """An expression in one line; see ``expression_text.expression_text``."""
    from nndsl.syntax import printer

    return printer.expression_text(node)
