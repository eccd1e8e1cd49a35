"""A TOML file checked against msgspec types, with every mistake reported.

msgspec stops at the first mistake; a person who mends a file wants all of them. So a table is
converted key by key here, and each value's own check is msgspec's.
"""

import tomllib
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

import msgspec

from autoconfig.errors import ConfigurationError, Problem
from autoconfig.names import shown

T = TypeVar("T")


def read_toml(path: Path) -> dict[str, Any]:
    """The file's tables. Raises `ConfigurationError` if it cannot be read or is not TOML."""
    try:
        return tomllib.loads(read_text(path))
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError([Problem(str(path), f"is not valid TOML: {error}")]) from None


def read_text(path: Path) -> str:
    """The file's text, a byte order mark left out. Raises `ConfigurationError`."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        message = "there is no such file"
    except UnicodeDecodeError as error:
        message = f"is not UTF-8 (byte {error.start + 1}); save it as UTF-8"
    except OSError as error:
        message = f"cannot be read: {error.strerror}"
    raise ConfigurationError([Problem(str(path), message)])


def convert(value: object, to: type[T], problems: list[Problem]) -> T | None:
    """`value` as a `to` (a msgspec Struct), after adding each mistake to `problems`.

    A mistake's `where` is the path of keys inside `value`; list items count from 1. Keys with a
    mistake are left out, so that the rest can be checked further; None if nothing remains to check.
    """
    found = list(_mistakes(value, to, ""))
    problems += found
    wrong = {problem.where.partition(".")[0] for problem in found}
    if isinstance(value, dict):
        value = {key: each for key, each in value.items() if key not in wrong}
    try:
        return msgspec.convert(value, to)
    except msgspec.ValidationError:
        return None


def _mistakes(value: Any, to: Any, where: str) -> Iterator[Problem]:
    struct = _struct(value, to)
    item = _item_type(value, to)
    if struct is not None:
        yield from _table_mistakes(value, struct, where)
    elif item is not None:
        pairs = value.items() if isinstance(value, dict) else enumerate(value, 1)
        for key, each in pairs:
            yield from _mistakes(each, item, f"{where}.{key}" if where else f"{key}")
    else:
        try:
            msgspec.convert(value, to)
        except msgspec.ValidationError as error:
            expected = str(error).partition(" - at ")[0].replace("`", "")
            yield Problem(where, f"found {shown(value)}: {expected[:1].lower()}{expected[1:]}")


def _table_mistakes(
    value: dict[str, Any], struct: type[msgspec.Struct], where: str
) -> Iterator[Problem]:
    prefix = f"{where}." if where else ""
    fields = {field.encode_name: field for field in msgspec.structs.fields(struct)}
    tag = struct.__struct_config__.tag_field
    for key in value:
        if key not in fields and key != tag:
            near = get_close_matches(key, fields, n=1)
            hint = f'did you mean "{near[0]}"?' if near else f"known keys: {', '.join(fields)}"
            yield Problem(f"{prefix}{key}", f"there is no such key; {hint}")
    for key, field in fields.items():
        if key in value:
            yield from _mistakes(value[key], field.type, f"{prefix}{key}")
        elif field.required:
            yield Problem(f"{prefix}{key}", "is missing")


def _struct(value: object, to: Any) -> type[msgspec.Struct] | None:
    """The Struct that a table is meant to be: of a tagged union, the one that its tag names."""
    if not isinstance(value, dict):
        return None
    for each in _alternatives(to):
        if isinstance(each, type) and issubclass(each, msgspec.Struct):
            tag = each.__struct_config__.tag_field
            if tag is None or value.get(tag) == each.__struct_config__.tag:
                return each
    return None


def _item_type(value: object, to: Any) -> Any:
    """The type of the items where `value` is a list or table that `to` admits, else None."""
    for each in _alternatives(to):
        origin, arguments = get_origin(each), get_args(each)
        if isinstance(value, list) and origin is tuple and arguments[1:] == (...,):
            return arguments[0]
        if isinstance(value, dict) and origin is dict:
            return arguments[1]
    return None


def _alternatives(to: Any) -> tuple[Any, ...]:
    if get_origin(to) is Annotated:
        return _alternatives(get_args(to)[0])
    return get_args(to) if get_origin(to) in (Union, UnionType) else (to,)
