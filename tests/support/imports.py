"""What Python text imports, without running it."""

import ast


def imported(source: str) -> set[str]:
    """The dotted names that a module imports, wherever in it; relative ones begin with a dot."""
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            origin = "." * node.level + (node.module or "")
            names |= {f"{origin}.{alias.name}" for alias in node.names}
    return names
