"""Which imports name the class of a document for type checkers only."""

from __future__ import annotations

import ast
from typing import Final

DOCUMENTS: Final = "order_flow.order_flow.doctype."


def for_types_only(tree: ast.Module) -> set[ast.AST]:
    """Imports of document classes that never run.

    The class of a document lies above the rules that its methods call, so a rule may not import it. It may
    say whose document it gets: nothing is loaded for that, and no ring can come of it.
    """
    return {
        node
        for block in tree.body
        if isinstance(block, ast.If) and ast.unparse(block.test) == "TYPE_CHECKING"
        for node in block.body
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(DOCUMENTS)
    }
