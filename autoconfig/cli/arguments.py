"""Domains and name servers that stand on the command line, or on standard input."""

import errno
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from autoconfig.config.services import listed
from autoconfig.config.settings import NameServer, parse_name_server
from autoconfig.names import Domain, EmailAddress, parse_domain, require_mail
from autoconfig.problems import MOST_SAID, ConfigurationError, InvalidName, Problem
from autoconfig.typed_toml import read_stream

Item = TypeVar("Item")

STDIN = "-"


def read_domains(texts: Iterable[str], problems: list[Problem]) -> list[Domain]:
    """The domains, once each. A mistake on standard input, which is `-`, is told by its line."""
    return [*dict.fromkeys(_each(_lines(texts), _domain_of_mail, problems))]


def read_names(texts: Iterable[str], problems: list[Problem]) -> list[Domain | EmailAddress]:
    """The domains and the addresses, as `read_domains` has the domains alone."""
    return [*dict.fromkeys(_each(_lines(texts), _name_of_mail, problems))]


def read_name_servers(texts: Iterable[str], problems: list[Problem]) -> tuple[NameServer, ...]:
    """The values of `--resolver`."""
    return tuple(read_each("--resolver", texts, parse_name_server, problems))


def read_each(
    option: str, texts: Iterable[str], parse: Callable[[str], Item], problems: list[Problem]
) -> list[Item]:
    """The values of an option."""
    return [*_each(((option, text) for text in texts), parse, problems)]


def _each(
    texts: Iterable[tuple[str, str]], parse: Callable[[str], Item], problems: list[Problem]
) -> Iterator[Item]:
    """The meaning of each text, which stands after its place; what has none is a problem."""
    for where, text in texts:
        if len(problems) > MOST_SAID:
            return
        try:
            yield parse(text)
        except InvalidName as error:
            problems.append(Problem(where, str(error)))


def _lines(texts: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The domains as they are written, each after its place."""
    for text in dict.fromkeys(texts):
        if text != STDIN:
            yield "DOMAIN", text
            continue
        lines = listed(standard_input())
        if not any(lines):
            raise ConfigurationError([Problem("standard input", "names no domain")])
        for number, line in enumerate(lines, 1):
            if line is not None:
                yield f"standard input: line {number}", line


def standard_input() -> str:
    """The text of standard input. Raises `ConfigurationError`, `OSError`."""
    if sys.stdin is None:  # closed
        raise OSError(errno.EBADF, os.strerror(errno.EBADF), "standard input")
    try:
        return read_stream(sys.stdin.buffer, "standard input")
    except OSError as error:
        error.filename = "standard input"
        raise


def _domain_of_mail(text: str) -> Domain:
    domain = EmailAddress.parse(text).domain if "@" in text else parse_domain(text)
    require_mail(domain)
    return domain


def _name_of_mail(text: str) -> Domain | EmailAddress:
    name = EmailAddress.parse(text) if "@" in text else parse_domain(text)
    require_mail(name)
    return name
