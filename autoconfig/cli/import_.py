"""`autoconfig import`."""

import shlex
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from autoconfig.cli.options import config_option, path_of_config
from autoconfig.cli.output import progress, put, say
from autoconfig.cli.rewriting import Original
from autoconfig.documents.formats import LANGUAGES
from autoconfig.offers.catalogue import load_catalogue

if TYPE_CHECKING:
    from autoconfig.account.choice import Choice, Unsure
    from autoconfig.account.inventory import Inventory

WRITE = {
    "en": "Write this into {path}?",
    "fr": "Écrire cela dans {path} ? (oui : y, non : n)",
}
"""What a person is asked. The answers are those of the `click` library."""


@click.command("import")
@config_option
@click.option("--write", is_flag=True, help="Put what is new into the configuration file.")
@click.option("--yes", is_flag=True, help="Do not ask before writing.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.option(
    "--lang",
    type=click.Choice(LANGUAGES),
    default=LANGUAGES[0],
    show_default=True,
    help="Language of the reasons, and of the question.",
)
@click.pass_context
def import_(
    context: click.Context,
    config_file: Path | None,
    lang: str,
    *,
    write: bool,
    yes: bool,
    as_json: bool,
) -> None:
    """Read the mail services of your account at OVHcloud, as a configuration.

    The keys are those of ./ovh.conf, ~/.ovh.conf, /etc/ovh.conf or OVH_... variables; rights to
    GET are enough. Without --write nothing is changed.
    """
    if as_json and write:
        raise click.UsageError("--json and --write exclude each other")
    if yes and not write:
        raise click.UsageError("--yes goes with --write")
    before = Original.read(path_of_config(config_file)) if write else None
    found, choice = _asked(lang)
    for each in found.not_read:
        say(f"not read: {each}")
    for doubt in dict.fromkeys(found.doubts):
        say(f"warning: {doubt}")
    if before:
        unsure = _write(before, choice, lang, yes=yes)
    else:
        unsure = choice.unsure
        _print(found, choice, lang, as_json=as_json)
    if unsure or found.not_read:
        context.exit(1)


def _asked(lang: str) -> "tuple[Inventory, Choice]":
    """All services of the account, and the choice among them.

    Raises `Unusable`, after saying how to get keys that are not.
    """
    # Only who imports pays for what reads an account.
    from autoconfig.account.choice import choose  # noqa: PLC0415  # as said above
    from autoconfig.account.client import Account, Unusable  # noqa: PLC0415  # the same
    from autoconfig.account.key import how_to_get_keys  # noqa: PLC0415  # the same
    from autoconfig.account.rights import CHANGE_ZONES, READ_SERVICES  # noqa: PLC0415  # the same
    from autoconfig.account.services import read_services  # noqa: PLC0415  # the same

    catalogue = load_catalogue()
    try:
        account = Account.open()
        found = read_services(account, catalogue, partial(progress, label="Reading"))
        return found, choose(found, account.region)
    except Unusable:
        say(f"{how_to_get_keys(READ_SERVICES, catalogue.account, lang, CHANGE_ZONES)}\n")
        raise


def _print(found: "Inventory", choice: "Choice", lang: str, *, as_json: bool) -> None:
    from autoconfig.account.report import for_people, for_programs  # noqa: PLC0415  # as above

    if as_json:
        put(for_programs(choice, found.not_read, lang))
    elif choice.services or choice.unsure:
        put(for_people(choice, found.refused, lang))
    elif not found.not_read:
        say("no mail service with a domain is there")


def _write(original: Original, choice: "Choice", lang: str, *, yes: bool) -> "Sequence[Unsure]":
    """Show what is new, ask, and write it. What the configuration does not decide either."""
    from autoconfig.account.merge import merge  # noqa: PLC0415  # as above
    from autoconfig.account.report import reason  # noqa: PLC0415  # as above

    merged = merge(original.text, original.tables, original.config, choice, lang)
    for each in merged.differences:
        say(f"{each.name} stays as it is: {each.written}; the account has {each.account}")
    for undecided in merged.unsure:
        say(f"not decided: {', '.join(undecided.domains)}: {reason(undecided, lang)}")
    if merged.text == original.text:
        say(f"{original.path} stays as it is: there is nothing to add")
        return merged.unsure
    original.check(merged.text)
    put(original.difference(merged.text))
    if not yes and not _agreed(original.path, lang):
        raise click.Abort
    copy = original.replace(merged.text)
    undo = shlex.join(["cp", str(copy), str(original.path.resolve())]) if copy else "remove it"
    say(f"{original.path} is written; to undo that: {undo}")
    return merged.unsure


def _agreed(path: Path, lang: str) -> bool:
    """The answer of the person. Raises `UsageError` where nobody can be asked."""
    if not _sits_here():
        raise click.UsageError(f"{path} is not written, as nobody can be asked here: add --yes")
    return click.confirm(WRITE[lang].format(path=path), err=True)


def _sits_here() -> bool:
    """Whether a person can be asked."""
    return sys.stdin is not None and sys.stdin.isatty()
