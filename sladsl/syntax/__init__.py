"""Syntax: text to tree, each node with its place; the keyword tables of the spoken languages."""

from sladsl.syntax import tree
from sladsl.syntax.from_text import Parsed, parse
from sladsl.syntax.keywords import languages, read_table
from sladsl.syntax.layout import Comment

__all__ = ["Comment", "Parsed", "languages", "parse", "read_table", "tree"]
