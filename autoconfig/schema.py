"""A TOML file checked against msgspec types, with every mistake reported.

msgspec stops at the first mistake; a person who mends a file wants all of them, in the words of
TOML. So a table is checked key by key here, and each value's own check is msgspec's. What to write
instead is the `description` of a type where it has one.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

import msgspec

from autoconfig.errors import ConfigurationError, Problem, shown

T = TypeVar("T")

WORDS: Mapping[object, str] = {
    str: "a string, in quotes",
    int: "a whole number",
    float: "a number (integer or float)",
    bool: "true or false",
    date: "a date, such as 2026-01-31",
}


def read_toml(path: Path) -> dict[str, Any]:
    """The file's tables. Raises `ConfigurationError` if it cannot be read or is not TOML."""
    try:
        return tomllib.loads(read_text(path))
    except tomllib.TOMLDecodeError as error:
        message = f"is not valid TOML: {error}"
    except (RecursionError, ValueError):  # nested too deeply, or a number of thousands of digits
        message = "holds a value that is too large"
    raise ConfigurationError([Problem(str(path), message)])


def read_text(path: Path) -> str:
    """The file's text, a byte order mark left out. Raises `ConfigurationError`."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        message = "there is no such file"
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        message = f"line {line} is not UTF-8; save it as UTF-8"
    except OSError as error:
        message = f"cannot be read: {error.strerror}"
    except ValueError:  # a zero byte in the name
        message = "is not the name of a file"
    raise ConfigurationError([Problem(str(path), message)])


def convert(
    value: object, to: type[T], problems: list[Problem], elsewhere: Mapping[str, str] = {}
) -> T | None:
    """`value` as a `to` (a msgspec Struct), after adding each mistake to `problems`.

    A mistake's `where` is the path of keys inside `value`; list items count from 1. So that the
    rest can be checked further, keys with a mistake are left out and a misspelt key is taken for
    the one that was meant; None if nothing remains. `elsewhere`: keys that belong in another
    table, and how to write them.
    """
    found = list(_mistakes(value, to, "", elsewhere))
    problems += found
    if isinstance(value, dict):
        fields = _fields(to)
        meant = {k: right for k, right in _meant(value, fields, ()).items() if k not in elsewhere}
        wrong = {problem.where.partition(".")[0] for problem in found} - set(meant)
        value = {meant.get(key, key): each for key, each in value.items() if key not in wrong}
    try:
        return msgspec.convert(value, to)
    except msgspec.ValidationError:
        return None


def _mistakes(
    value: Any, to: Any, where: str, elsewhere: Mapping[str, str] = {}
) -> Iterator[Problem]:
    alternatives = _alternatives(to)
    structs = [each for each in alternatives if _fields(each)]
    if structs and isinstance(value, dict):
        yield from _table_mistakes(value, structs, where, elsewhere)
        return
    found: list[Problem] = []
    for item, pairs in _items(value, alternatives):
        for key, each in pairs:
            found += _mistakes(each, item, f"{where}.{key}" if where else f"{key}")
    yield from found
    try:
        if not found:
            msgspec.convert(value, to)
    except msgspec.ValidationError as error:
        yield Problem(where, f"found {shown(value)}: {_advice(value, to, str(error))}")


def _table_mistakes(
    value: dict[str, Any], structs: list[Any], where: str, elsewhere: Mapping[str, str]
) -> Iterator[Problem]:
    kinds = {struct: struct.__struct_config__.tag for struct in structs}
    tag = structs[0].__struct_config__.tag_field
    chosen = [struct for struct in structs if tag is None or kinds[struct] == value.get(tag)]
    if not chosen:
        found = shown(value[tag]) if tag in value else "none"
        wanted = " or ".join(map(shown, kinds.values()))
        yield Problem(where, f"found {tag} {found}: write {wanted}")
        return
    prefix = f"{where}." if where else ""
    fields = _fields(chosen[0])
    meant = _meant(value, fields, elsewhere)
    for key, each in value.items():
        if key in fields:
            yield from _mistakes(each, fields[key].type, f"{prefix}{key}")
        elif key in meant:
            right = elsewhere.get(meant[key], f'"{meant[key]}"')
            yield Problem(f"{prefix}{key}", f"there is no such key; did you mean {right}?")
        elif key != tag:
            known = ", ".join(fields)
            yield Problem(f"{prefix}{key}", f"there is no such key; known keys: {known}")
    for key, field in fields.items():
        if field.required and key not in value and key not in meant.values():
            only = get_args(field.type) if get_origin(field.type) is Literal else ()
            advice = f"{key} = {only[0]}" if len(only) == 1 else _wanted(field.type)
            yield Problem(f"{prefix}{key}", f"is missing: write {advice}")


def _meant(value: dict[str, Any], fields: Iterable[str], also: Iterable[str]) -> dict[str, str]:
    """For each unknown key of a table, the one that it seems to be, unless that is there too."""
    known = [*({*fields} - set(value)), *also]
    near = {key: get_close_matches(key, known, n=1) for key in value if key not in fields}
    return {key: names[0] for key, names in near.items() if names}


def _advice(value: object, to: Any, error: str) -> str:
    """What to write instead of a value: by the type's description, else in msgspec's words."""
    for each in getattr(to, "__metadata__", ()):
        if isinstance(each, msgspec.Meta) and each.description:
            return f"write {each.description}"
    if ", got `" in error or "enum value" in error:
        return f"write {_wanted(to, value)}"
    expected = error.partition(" - at ")[0].replace("`", "")
    return f"{expected[:1].lower()}{expected[1:]}"


def _wanted(to: Any, value: object = None) -> str:
    """What a type admits, in the words of TOML."""
    for each in _alternatives(to):
        origin = get_origin(each)
        if each in WORDS:
            return WORDS[each]
        if origin is Literal:
            return " or ".join(map(str, get_args(each)))
        if origin is tuple:
            item = shown(value) if isinstance(value, str) else '"…"'
            return f"an array, such as [{item}]"
    return "a table"


def _items(value: Any, alternatives: tuple[Any, ...]) -> Iterator[tuple[Any, Any]]:
    """The type of the items and the items by their keys, where `value` is such a list or table."""
    for each in alternatives:
        origin, arguments = get_origin(each), get_args(each)
        if isinstance(value, list) and origin is tuple and arguments[1:] == (...,):
            yield arguments[0], enumerate(value, 1)
        elif isinstance(value, dict) and origin is dict:
            yield arguments[1], value.items()


def _alternatives(to: Any) -> tuple[Any, ...]:
    if get_origin(to) is Annotated:
        return _alternatives(get_args(to)[0])
    if get_origin(to) in (Union, UnionType):
        return tuple(each for each in get_args(to) if each is not NoneType)
    return (to,)


def _fields(to: Any) -> dict[str, Any]:
    """The keys of a Struct; none of anything else."""
    if isinstance(to, type) and issubclass(to, msgspec.Struct):
        return {field.encode_name: field for field in msgspec.structs.fields(to)}
    return {}
