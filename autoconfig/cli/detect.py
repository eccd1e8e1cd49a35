"""`autoconfig detect`."""

import os
from collections import Counter
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from autoconfig.cli.arguments import read_domains, read_name_servers
from autoconfig.cli.options import resolver_option
from autoconfig.cli.output import counted, progress, put, say, say_asking
from autoconfig.config.settings import NameServer
from autoconfig.documents.formats import LANGUAGES
from autoconfig.export.whole import move_to_free_place, write_whole
from autoconfig.names import Domain
from autoconfig.offers.catalogue import load_catalogue
from autoconfig.problems import ConfigurationError, Problem

if TYPE_CHECKING:
    from autoconfig.detect.report import Report

STDOUT = Path("-")

SECONDS = 5.0
"""Time for all questions of a domain: a person has more patience than a mail program."""


@click.command()
@click.argument("domains", nargs=-1, required=True, metavar="DOMAIN...")
@resolver_option
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.option(
    "--output",
    "-o",
    type=click.Path(path_type=Path),
    help="Write a configuration into this file, which is whole and new. - prints it.",
)
@click.option(
    "--lang",
    type=click.Choice(LANGUAGES),
    default=LANGUAGES[0],
    show_default=True,
    help="Language of what was found.",
)
@click.pass_context
def detect(
    context: click.Context,
    domains: tuple[str, ...],
    resolvers: tuple[str, ...],
    output: Path | None,
    lang: str,
    *,
    as_json: bool,
) -> None:
    """Say which offer each DOMAIN has, as DNS tells.

    - reads domains from standard input: one a line, # for comments. An address counts as its
    domain. No configuration is read.
    """
    if as_json and output == STDOUT:
        raise click.UsageError("--json and -o - cannot both have standard output")
    problems: list[Problem] = []
    names = read_domains(domains, problems)
    name_servers = read_name_servers(resolvers, problems)
    if problems:
        raise ConfigurationError(problems)
    if output and output != STDOUT:
        _require_free(output)
    report = _report(names, name_servers, lang)
    if output:
        _write(report, output)
    if output != STDOUT:
        put(report.for_programs() if as_json else report.for_people(tables=not output))
    if not report.complete:
        context.exit(1)


def _require_free(place: Path) -> None:
    """Raise `ConfigurationError` unless a new file can be here: nothing is asked in vain."""
    if os.path.lexists(place):
        message = "is there already, and stays as it is: name another file, or print it with -o -"
    elif not place.parent.is_dir():
        message = "there is no such folder: make it, or name another file"
    else:
        return
    raise ConfigurationError([Problem(str(place), message)])


def _report(domains: Sequence[Domain], name_servers: Sequence[NameServer], lang: str) -> "Report":
    """Ask about the domains, and say whom and when."""
    # Few commands ask the DNS, and a library for it costs the others a tenth of a second.
    import asyncio  # noqa: PLC0415  # as said above

    from autoconfig.detect.lookup import Resolver, system_servers  # noqa: PLC0415  # the same
    from autoconfig.detect.report import Report  # noqa: PLC0415  # the same
    from autoconfig.detect.signs import Signs  # noqa: PLC0415  # the same
    from autoconfig.detect.survey import survey  # noqa: PLC0415  # the same

    servers = name_servers or system_servers()
    asked, now = say_asking(servers, len(domains))
    catalogue = load_catalogue()
    signs = Signs.of(catalogue)
    ask = partial(Resolver(servers).records, dkim=signs.dkim_selectors, seconds=SECONDS)
    with progress(len(domains), "Looking up") as settled:
        found = asyncio.run(survey(domains, ask, signs, settled))
    if len(found) > 1:
        count = Counter(each.finding.confidence for each in found)
        say(", ".join(f"{number} {confidence}" for confidence, number in count.most_common()))
    return Report(found, catalogue, lang, f"{asked}, {now:%Y-%m-%d}")


def _write(report: "Report", output: Path) -> None:
    """The configuration as a file, or printed. A file that would not load is not written."""
    if output == STDOUT:
        put(report.configuration())
        return
    usable = sum(len(group.domains) for group in report.groups if group.usable)
    if not usable:
        say(f"{output} is not written, as no domain has a service")
        return
    write_whole(output, f"{report.configuration()}\n".encode(), move=move_to_free_place)
    others = "" if report.complete else "; the others stand in it as comments"
    say(f"{output}: {usable} of {counted(len(report.found), 'domain')}{others}")
