"""A value as a PHP literal."""

from collections.abc import Mapping


def literal(value: object, indent: str = "") -> str:
    """A value as a PHP literal; between single quotes only `\\` and `'` are special."""
    if isinstance(value, str):
        return "'{}'".format(value.replace("\\", "\\\\").replace("'", "\\'"))
    if value is None or isinstance(value, (bool, int)):
        return "null" if value is None else str(value).lower()
    deeper = f"{indent}    "
    if isinstance(value, Mapping):
        rows = (f"{literal(key)} => {literal(each, deeper)}" for key, each in value.items())
    elif isinstance(value, (tuple, list)):
        rows = (literal(each, deeper) for each in value)
    else:
        raise TypeError(f"{type(value).__name__} has no PHP literal")
    return "[\n{}{}]".format("".join(f"{deeper}{row},\n" for row in rows), indent)
