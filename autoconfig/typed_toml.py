"""A TOML file checked against msgspec types, with every mistake reported.

msgspec stops at the first mistake; a person who mends a file wants all of them, in the words of
TOML. So msgspec says whether a value is right; where it is not, its parts are asked one by one,
down to what is wrong. What to write instead is the `description` of a type where it has one.
"""

import re
import stat
import tomllib
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, BinaryIO, Literal, Union, get_args, get_origin

import msgspec

from autoconfig.problems import MOST_SAID, ConfigurationError, Problem, quoted, shortened

TYPE_NAMES: Mapping[object, str] = {
    str: "a string, in quotes",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    date: "a date, such as 2026-01-31",
}

DEEPEST = 50
"""Levels of tables and arrays in each other; the offers have seven."""

MAX_FILE = 64 * 1024 * 1024
"""Bytes. A million domains, one a line, take a third of that."""

LONGEST_KEY = 128
"""Parts of a dotted key. A domain name, which may stand in a text, has fewer; tomllib takes a time
that grows with the square of their number.
"""

_PART = r"""(?:(?<![\w-])[\w-]++|"(?:[^"\\]|\\.)*+"|'[^']*+')"""
_LONG_KEY = re.compile(rf"(?:{_PART}[ \t]*+\.[ \t]*+){{{LONGEST_KEY}}}", re.ASCII)

SYNTAX_ADVICE: Mapping[str, str] = {
    "Invalid value": 'write text in straight quotes, as in key = "text"',
    "Illegal character '\\n'": "close the quotes before the end of the line",
    "Expected '='": 'write key = "text"',
    "Cannot overwrite": "the key, or the table, is there already: remove one",
    "Cannot declare": "the table is there already: remove one, or write [[…]] if there are several",
    "Expected ']'": "close the bracket: [table]",
    "Expected ']]'": "close both brackets: [[table]]",
    "Unclosed array": "write a comma between items, and ] after the last",
}
"""The advice for a mistake of syntax, by the beginning of tomllib's message."""


def read_toml(path: Path, advice: str = "") -> dict[str, Any]:
    """The file's tables. Raises `ConfigurationError` if it cannot be read or is not TOML.

    `advice`: as in `read_text`.
    """
    return parse_toml(read_text(path, advice), path)


def parse_toml(text: str, path: Path) -> dict[str, Any]:
    """The tables of a text that `path` holds, or is to hold. Raises `ConfigurationError`."""
    try:
        tables = None if _has_long_key(text) else tomllib.loads(text)
        if tables is not None and _is_shallow(tables):
            return tables
        message = "holds a value that is too large"
    except tomllib.TOMLDecodeError as error:
        message = f"is not valid TOML: {_syntax(str(error), text)}"
    except (RecursionError, ValueError):  # nested too deeply, or a number of thousands of digits
        message = "holds a value that is too large"
    raise ConfigurationError([Problem(str(path), message)])


def _has_long_key(text: str) -> bool:
    lines = (line for line in text.split("\n") if line.count(".") >= LONGEST_KEY)
    return any(_LONG_KEY.search(line) for line in lines)


def _is_shallow(tables: dict[str, Any]) -> bool:
    """Whether everything that walks the tables can do so: arrays and tables in each other."""
    level: list[Any] = [tables]
    for _ in range(DEEPEST):
        items = (each.values() if isinstance(each, dict) else each for each in level)
        level = [each for these in items for each in these if isinstance(each, (dict, list))]
    return not level


def _syntax(error: str, text: str) -> str:
    """The message of tomllib, always with a line, and the advice."""
    last = text.count("\n", 0, len(text.rstrip())) + 1
    said = error.replace("(at end of document)", f"(at the end, line {last})")
    advice = next((SYNTAX_ADVICE[start] for start in SYNTAX_ADVICE if error.startswith(start)), "")
    return f"{said}: {advice}" if advice else said


def read_text(path: Path, advice: str = "") -> str:
    """The file's text, a byte order mark left out, with `\n` at the end of each line.

    Raises `ConfigurationError`, as `read_bytes`.
    """
    return _decoded(read_bytes(path, advice), str(path))


def read_bytes(path: Path, advice: str = "") -> bytes:
    """The file's content.

    `advice`: what is said further if there is no such file. Raises `ConfigurationError`; also for
    what is no file, such as a pipe, and for more than `MAX_FILE`.
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode) and not path.is_dir():
            message = "is no file, but a device, a pipe or the like: name a file"
        else:
            with path.open("rb") as file:
                return _all_of(file, str(path))
    except FileNotFoundError:
        message = f"there is no such file{advice}"
    except OSError as error:
        message = f"cannot be read: {error.strerror}"
    except ValueError:  # a zero byte in the name
        message = "is not the name of a file"
    raise ConfigurationError([Problem(str(path), message)])


def read_stream(stream: BinaryIO, name: str) -> str:
    """The text of an open file, as `read_text` has it. Raises `ConfigurationError`, `OSError`."""
    return _decoded(_all_of(stream, name), name)


def _all_of(stream: BinaryIO, name: str) -> bytes:
    content = stream.read(MAX_FILE + 1)  # it may grow
    if len(content) > MAX_FILE:
        message = f"is larger than {MAX_FILE // 1024**2} MiB"
        raise ConfigurationError([Problem(name, message)])
    return content


def _decoded(content: bytes, name: str) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        message = f"line {line} is not UTF-8; save it as UTF-8"
        raise ConfigurationError([Problem(name, message)]) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def valid_part(
    value: Any, to: Any, where: str = "", elsewhere: Mapping[str, str] = {}
) -> tuple[Any, list[Problem]]:
    """Return `value` with invalid parts replaced by None, and a problem for each of them.

    The result has the shape of `value`: so the rest can be checked further, an item keeps its
    number, and a wrong key is not taken for a missing one. A misspelt key is taken for the one that
    was meant. A problem's `where` is the path of keys inside `value`, below the given one; items of
    arrays count from 1. `elsewhere`: keys that belong in another table, and how to write them.
    TOML has no null: a None in `value` was left by an earlier check, and is no problem again.
    """
    if value is None:
        return None, []
    try:
        msgspec.convert(value, to, builtin_types=(date, datetime, time))
    except msgspec.ValidationError:
        part, problems = _valid_parts(value, to, where, elsewhere)
        if problems or _has_gap(part):
            return part, problems
        return None, [Problem(where, f"found {quoted(value)}: write {_wanted(to, value)}")]
    return value, []


def _valid_parts(
    value: Any, to: Any, where: str, elsewhere: Mapping[str, str]
) -> tuple[Any, list[Problem]]:
    alternatives = _alternatives(to)
    if isinstance(value, dict) and (structs := [each for each in alternatives if _fields(each)]):
        return _valid_table(value, structs, where, elsewhere)
    for each in alternatives:
        origin, arguments = get_origin(each), get_args(each)
        if isinstance(value, list) and origin is tuple and arguments[1:] == (...,):
            parts = _each(enumerate(value, 1), arguments[0], where, elsewhere)
            return [part for part, _ in parts.values()], _problems(parts)
        if isinstance(value, dict) and origin is dict:
            parts = _each(value.items(), arguments[1], where, elsewhere)
            return {key: part for key, (part, _) in parts.items()}, _problems(parts)
    return None, []


def _has_gap(part: Any) -> bool:
    """Whether None stands anywhere in a table or an array."""
    inside = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
    return any(each is None or _has_gap(each) for each in inside)


def _each(
    entries: Iterable[tuple[Any, Any]], to: Any, where: str, elsewhere: Mapping[str, str]
) -> dict[Any, tuple[Any, list[Problem]]]:
    """The valid part of each entry, and its problems; none is right after `MOST_SAID` of them."""
    parts, count = {}, 0
    for key, each in entries:
        more = count <= MOST_SAID
        parts[key] = valid_part(each, to, _below(where, key), elsewhere) if more else (None, [])
        count += len(parts[key][1])
    return parts


def _problems(parts: Mapping[Any, tuple[Any, list[Problem]]]) -> list[Problem]:
    return [problem for _, problems in parts.values() for problem in problems]


def _valid_table(
    value: dict[str, Any], structs: list[Any], where: str, elsewhere: Mapping[str, str]
) -> tuple[dict[str, Any] | None, list[Problem]]:
    kinds = {struct: struct.__struct_config__.tag for struct in structs}
    tag = structs[0].__struct_config__.tag_field
    chosen = [struct for struct in structs if tag is None or kinds[struct] == value.get(tag)]
    if not chosen:
        found = quoted(value[tag]) if tag in value else "none"
        wanted = " or ".join(map(quoted, kinds.values()))
        return None, [Problem(where, f"found {tag} {found}: write {wanted}")]
    fields = _fields(chosen[0])
    guesses = closest_keys([key for key in value if key != tag], fields, elsewhere)
    problems: list[Problem] = []
    valid: dict[str, Any] = {tag: value[tag]} if tag else {}
    for key, each in value.items():
        place, name = _below(where, key), guesses.get(key, key)
        if key in guesses:
            instead = elsewhere.get(name, f'"{name}"')
            problems.append(Problem(place, f"there is no such key; did you mean {instead}?"))
        elif key not in fields and key != tag:
            message = f"there is no such key; known keys: {', '.join(fields)}"
            problems.append(Problem(place, message))
        if name in fields:
            part, below = valid_part(each, fields[name].type, place, elsewhere)
            problems += below
            if key == name or name not in value:
                valid[name] = part
    for name, field in fields.items():
        if field.required and name not in valid:
            missing = f"is missing: write {_missing(name, field.type)}"
            problems.append(Problem(_below(where, name), missing))
    return valid, problems


_LONGEST_GUESSED = 100


def closest_keys(
    keys: Iterable[str], known: Iterable[str], also: Iterable[str] = ()
) -> dict[str, str]:
    """For each key that is not `known`, the one of these or of `also` that it seems to be."""
    names = [*known]
    others = (key for key in keys if key not in names and len(key) < _LONGEST_GUESSED)
    unknown = [*islice(others, MOST_SAID)]
    if not unknown:
        return {}
    from difflib import get_close_matches  # noqa: PLC0415  # most files have no mistake

    near = {key: get_close_matches(key, (*names, *also), n=1) for key in unknown}
    return {key: found[0] for key, found in near.items() if found}


def _below(where: str, key: object) -> str:
    shown = shortened(str(key))
    return f"{where}.{shown}" if where else shown


def _wanted(to: Any, value: object = None) -> str:
    """The values that a type admits, in the words of TOML. `value`: the one found instead."""
    for each in (to, *_alternatives(to)):
        for meta in getattr(each, "__metadata__", ()):
            if isinstance(meta, msgspec.Meta) and meta.description:
                return meta.description
    for each in _alternatives(to):
        origin = get_origin(each)
        if each in TYPE_NAMES:
            return TYPE_NAMES[each]
        if origin is Literal:
            return " or ".join(map(quoted, get_args(each)))
        if origin is tuple:
            item = "{ … }" if _fields(get_args(each)[0]) else '"…"'
            return f"an array, such as [{quoted(value) if isinstance(value, str) else item}]"
    return "a table"


def _missing(key: str, to: Any) -> str:
    only = get_args(to) if get_origin(to) is Literal else ()
    return f"{key} = {only[0]}" if len(only) == 1 else _wanted(to)


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
