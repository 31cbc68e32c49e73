"""tree-sitter's parser for bash."""

from __future__ import annotations

from functools import cache
from importlib.machinery import PathFinder
from importlib.util import module_from_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Parser


@cache
def parser() -> Parser:
    """The parser, made when it is first asked for: loading it takes milliseconds."""
    from tree_sitter import Language, Parser

    return Parser(Language(_grammar()))


def _grammar() -> object:
    """The compiled grammar, without the start-up code of its package.

    That code imports importlib.resources, pathlib and tempfile, for queries that we do not use: 5 of the 80 ms in which
    a small file is examined.
    """
    package = PathFinder.find_spec("tree_sitter_bash")
    places = package.submodule_search_locations if package else None
    spec = PathFinder.find_spec("tree_sitter_bash._binding", places)
    if spec is None or spec.loader is None:
        from tree_sitter_bash import language

        return language()
    binding = module_from_spec(spec)
    spec.loader.exec_module(binding)
    return binding.language()
