"""PHP as text: a value as a literal, and files joined into one."""

from collections.abc import Iterable, Mapping

_OPENING = "<?php\ndeclare(strict_types=1);\n"


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


def data_file(value: object, comment: str) -> str:
    """A file whose value `require` returns."""
    return f"<?php\n// {comment}\nreturn {literal(value)};\n"


def joined(files: Iterable[str], comment: str) -> str:
    """One program of several files; each opens with the same two lines, which PHP takes once."""
    opened = f"<?php\n// {comment}\ndeclare(strict_types=1);\n"
    return opened + "".join(file.removeprefix(_OPENING) for file in files)
