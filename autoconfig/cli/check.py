"""`autoconfig check`."""

import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click

from autoconfig.cli.arguments import (
    STDIN,
    read_each,
    read_name_servers,
    read_names,
    standard_input,
)
from autoconfig.cli.options import (
    Choice,
    choice_options,
    has_config,
    path_of_config,
    resolver_option,
    spoken,
)
from autoconfig.cli.output import progress, put, say, say_asking
from autoconfig.config.settings import NameServer
from autoconfig.documents.formats import LANGUAGES
from autoconfig.errors import NotServed
from autoconfig.names import Domain, EmailAddress
from autoconfig.offers.catalogue import Catalogue, load_catalogue
from autoconfig.problems import ConfigurationError, Problem
from autoconfig.typed_toml import read_text
from autoconfig.zone.plan import Target

if TYPE_CHECKING:
    from autoconfig.check.connect import ConnectTo, Network
    from autoconfig.check.report import Report
    from autoconfig.check.run import Subject
    from autoconfig.check.verdict import Check
    from autoconfig.config.load import Config

STANDARD_INPUT = Path(STDIN)
PLAIN_WIDTH = 100
"""Columns of what is no terminal: a file, a pipe, the mail of a cron job."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The arguments, as they are written."""

    names: tuple[str, ...]
    resolvers: tuple[str, ...]
    connect_to: tuple[str, ...]
    login: bool
    password_file: Path | None
    steps: bool
    as_json: bool
    quiet: bool
    prometheus: Path | None
    lang: str


@dataclass(frozen=True, slots=True)
class Task:
    """What the arguments mean. `resolvers`: none for the system's. `password`: to sign in with."""

    subjects: "Sequence[Subject]"
    catalogue: Catalogue
    target: Target | None
    resolvers: Sequence[NameServer]
    connect_to: "Sequence[ConnectTo]"
    password: str | None = None


@click.command()
@click.argument("names", nargs=-1, metavar="[DOMAIN|ADDRESS]...")
@choice_options
@resolver_option
@click.option(
    "--connect-to",
    multiple=True,
    metavar="HOST:PORT:HOST:PORT",
    help="For the first host and port, connect to the second, as curl has it: check a server "
    "before the DNS leads to it. Either pair may be empty. May be given again.",
)
@click.option("--login", is_flag=True, help="Ask for the ADDRESS's password, and sign in with it.")
@click.option(
    "--password-file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The password for --login, as the one line of a file. - reads standard input.",
)
@click.option("--steps", is_flag=True, help="Show every question, and what came of it.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.option(
    "--quiet", is_flag=True, help="Tell nothing of a domain at which all is well: for cron."
)
@click.option(
    "--prometheus",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write the results into this file, too, for the textfile collector of node_exporter.",
)
@click.option(
    "--lang",
    type=click.Choice(LANGUAGES),
    default=spoken,
    show_default="by LC_ALL, LC_MESSAGES, LANG",
    help="Language of what is told.",
)
@click.pass_context
def check(context: click.Context, /, choice: Choice, **options: Any) -> None:
    """Say what each mail program will do with an address, and what to mend.

    For the domains and addresses of the configuration, or for those named; - reads them from
    standard input. Without a configuration and --offer, the DNS tells the offer. The exit code is 1
    if a program that asks the domain does not get the right servers, or it could not be decided.
    """
    from autoconfig.check.textfile import textfile  # noqa: PLC0415  # as in `_report`

    asked = Asked(**options)
    _require_sense(asked)
    report, now = _report(_task(asked, choice), asked)
    try:
        if asked.prometheus:
            put(textfile(report.checks, now), asked.prometheus)
    finally:  # a file that cannot be written costs nobody the report
        _show(report, asked)
    if not report.settled:
        context.exit(1)


def _require_sense(asked: Asked) -> None:
    """Raise `UsageError` for options that contradict each other, or of which one means nothing."""
    if asked.password_file and not asked.login:
        raise click.UsageError("--password-file goes with --login")
    if asked.login and not (len(asked.names) == 1 and "@" in asked.names[0]):
        raise click.UsageError("--login needs one ADDRESS, and no more")
    if asked.prometheus == STANDARD_INPUT:
        raise click.UsageError("--prometheus needs a file: standard output has the report")


def _show(report: "Report", asked: Asked) -> None:
    """Print the report, in the form that standard output takes."""
    from autoconfig.check.layout import writable  # noqa: PLC0415  # as in `_report`

    told = report.troubled if asked.quiet else report
    if asked.as_json:
        put(f"{told.for_programs()}\n".encode())  # RFC 8259 section 8.1, whatever the terminal has
    elif told.checks:
        stdout = sys.stdout
        terminal = stdout is not None and stdout.isatty()
        width = shutil.get_terminal_size().columns if terminal else PLAIN_WIDTH
        colour = terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
        text = told.for_people(width, colour=colour, steps=asked.steps)
        put(writable(text, stdout.encoding) if terminal else text)


# ------------------------------------------------------------------------------------ what is asked


def _task(asked: Asked, choice: Choice) -> Task:
    """What the arguments mean. Raises `ConfigurationError`, `NotServed` or `UsageError`."""
    from autoconfig.check.connect import parse_connect_to  # noqa: PLC0415  # as in `_report`

    problems: list[Problem] = []
    names = read_names(asked.names, problems)
    resolvers = read_name_servers(asked.resolvers, problems)
    connect_to = read_each("--connect-to", asked.connect_to, parse_connect_to, problems)
    if problems:
        raise ConfigurationError(problems)
    if not names and choice == Choice() and not has_config():
        raise click.UsageError("name a DOMAIN or an ADDRESS, or write autoconfig.toml")
    task = (
        _of_configuration(choice, names)
        if _configured(choice, names)
        else _of_options(choice, names)
    )
    return replace(
        task,
        resolvers=resolvers or task.resolvers,
        connect_to=connect_to,
        password=_password(asked) if asked.login else None,
    )


def _configured(choice: Choice, names: Sequence[Domain | EmailAddress]) -> bool:
    """Whether a configuration says what is right."""
    return choice.offer is None and (choice != Choice() or not names or has_config())


def _of_configuration(choice: Choice, names: Sequence[Domain | EmailAddress]) -> Task:
    config = choice.config()
    target = Target(Domain(str(urlsplit(config.base_url).hostname))) if config.base_url else None
    subjects = [*_subjects(config, names, path_of_config(choice.config_file))]
    return Task(subjects, config.catalogue, target, config.resolvers, ())


def _of_options(choice: Choice, names: Sequence[Domain | EmailAddress]) -> Task:
    """One service for all of them, or what the DNS tells of each."""
    from autoconfig.check.run import Subject  # noqa: PLC0415  # as in `_report`

    if not names:
        raise click.UsageError("--offer needs a DOMAIN or an ADDRESS")
    if choice.offer is None:
        subjects = [Subject(each, None, "dns") for each in names]
    else:
        service = choice.offered(choice.offer)
        subjects = [Subject(each, service, "option") for each in names]
    return Task(subjects, load_catalogue(), None, (), ())


def _subjects(
    config: "Config", names: Sequence[Domain | EmailAddress], path: Path
) -> "Iterator[Subject]":
    """Those named, or all of a configuration. Raises `NotServed` if it lacks one."""
    from autoconfig.check.run import Subject  # noqa: PLC0415  # as in `_report`

    served = config.served
    mailboxes = [EmailAddress.parse(each) for each in served.mailboxes]
    wanted = names or (*served.domains, *mailboxes)
    if not wanted:
        raise NotServed(f"{path} names no domain; `detect = true` has no list of them")
    for name in wanted:
        service = served.find(name)
        if service:
            domain = name.domain if isinstance(name, EmailAddress) else name
            yield Subject(name, service, "configuration", served.find(domain))
        elif config.detect:
            yield Subject(name, None, "dns")
        elif name in served.mailbox_domains:
            raise NotServed(f"{path} has addresses at {name} alone; name one of them")
        else:
            raise NotServed(f"{path} has no service for {name}; add it to one, or give --offer")


def _password(asked: Asked) -> str:
    """The password, which is shown nowhere. Raises `ConfigurationError`, `OSError`."""
    file = asked.password_file
    if file is None:
        return _typed(f"Password of {asked.names[0]}")
    text = standard_input() if file == STANDARD_INPUT else read_text(file)
    password = text.removesuffix("\n")
    if not password or not {"\n", "\0"}.isdisjoint(password):
        message = "holds no password: write it on one line, and nothing else"
        raise ConfigurationError([Problem("--password-file", message)])
    return password


def _typed(prompt: str) -> str:
    """What is typed without being shown. Raises `ConfigurationError`."""
    try:
        typed: str = click.prompt(prompt, hide_input=True, err=True)
    except UnicodeDecodeError:
        message = "what was typed is not in the encoding of this system; give --password-file"
        raise ConfigurationError([Problem("--login", message)]) from None
    return typed


# ----------------------------------------------------------------------------------- what is found


def _report(task: Task, asked: Asked) -> "tuple[Report, datetime]":
    """Check everything, after saying whom is asked, and when."""
    # Few commands ask the network, and the libraries for it cost the others a tenth of a second.
    import asyncio  # noqa: PLC0415  # as said above

    from autoconfig.check.report import Report  # noqa: PLC0415  # the same
    from autoconfig.detect.lookup import system_servers  # noqa: PLC0415  # the same

    resolvers = task.resolvers or system_servers()
    servers, now = say_asking(resolvers, len(task.subjects), quiet=asked.quiet)
    checks = asyncio.run(_checks(task, now))
    return Report(checks, asked.lang, f"{servers}, {now:%Y-%m-%d %H:%M:%S} UTC"), now


async def _checks(task: Task, now: datetime) -> "list[Check]":
    from autoconfig.check.connect import Network  # noqa: PLC0415  # as in `_report`
    from autoconfig.check.run import run  # noqa: PLC0415  # the same

    network = Network(task.resolvers, task.connect_to)
    with progress(len(task.subjects), "Checking") as settled:
        found = await run(task.subjects, task.catalogue, network, task.target, settled, now)
    if task.password is None:
        return found
    return [await _signed_in(each, task.password, network) for each in found]


async def _signed_in(found: "Check", password: str, network: "Network") -> "Check":
    """The check with what the mail servers that work say to the password.

    Nobody gets the password where the offer is not known.
    """
    from autoconfig.check.login import try_password  # noqa: PLC0415  # as in `_report`

    if found.service is None or not isinstance(found.subject, EmailAddress):
        say("warning: not signed in, as the offer is not known: give --offer")
        return found
    servers = found.service, found.mail_servers
    told = await try_password(*servers, found.subject, password, network)
    return replace(found, mail_servers=told)
