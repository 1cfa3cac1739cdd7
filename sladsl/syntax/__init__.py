"""Syntax: text to tree, each node with its place."""

from sladsl.syntax import tree
from sladsl.syntax.layout import Comment
from sladsl.syntax.parse import Parsed, parse

__all__ = ["Comment", "Parsed", "parse", "tree"]
