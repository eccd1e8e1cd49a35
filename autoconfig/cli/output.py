"""Output of commands: results go to standard output, messages to standard error."""

import os
import sys
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from autoconfig.config.load import Config


def put(result: str | bytes) -> None:
    """Write a result to standard output, text as a line of its own."""
    try:
        click.echo(result, nl=isinstance(result, str))
    except OSError as error:
        # Python flushes once more when it ends, and would report a second failure.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        error.filename = "standard output"
        raise


def say(text: str) -> None:
    """Write a message to standard error."""
    click.echo(text, err=True)


def counted(number: int, one: str, many: str = "") -> str:
    """A number with its noun: "1 file", "2 files"."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def summary(config: "Config") -> str:
    """The numbers of services, domains and addresses in a configuration."""
    domains, mailboxes = len(config.served.domains), len(config.served.mailboxes)
    parts = [counted(config.services, "service"), counted(domains, "domain")]
    if mailboxes:
        parts.append(counted(mailboxes, "address", "addresses"))
    return ", ".join(parts)
