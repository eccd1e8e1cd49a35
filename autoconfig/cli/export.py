"""`autoconfig export`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from autoconfig.cli.options import Choice, choice_options, path_of_config
from autoconfig.cli.output import counted, progress, put, say
from autoconfig.config.served import Served
from autoconfig.export import ispdb
from autoconfig.export.files import TARGETS, HoldsMore
from autoconfig.export.files import export as export_files
from autoconfig.names import parse_domain, require_mail
from autoconfig.offers.catalogue import load_catalogue
from autoconfig.problems import ConfigurationError, Problem

if TYPE_CHECKING:
    from autoconfig.config.load import Config

PUBLIC_DATABASE = "ispdb"
"""The one target that is no web space: it has OVHcloud's servers, and nobody's domains."""


@click.command()
@click.argument("directory", type=click.Path(file_okay=False, path_type=Path))
@click.argument("domains", nargs=-1, metavar="[DOMAIN]...")
@click.option(
    "--for",
    "target",
    type=click.Choice([*TARGETS, PUBLIC_DATABASE]),
    default="plain",
    show_default=True,
    help="The web space: files alone, or with what Apache and PHP, or nginx, need beside them; or "
    "Mozilla's public database, which needs no configuration.",
)
@choice_options
def export(directory: Path, domains: tuple[str, ...], target: str, choice: Choice) -> None:
    """Write the documents as files, for any web space.

    A file's path is its URL: DIRECTORY/autoconfig.example.fr/mail/config-v1.1.xml. DIRECTORY holds
    one configuration: what an earlier export wrote, and this one does not, is removed.

    For Mozilla's public database, DIRECTORY is the folder ispdb of a checkout; nothing is removed.
    """
    if target == PUBLIC_DATABASE:
        _export_for_public_database(directory, choice, domains)
        return
    served, base_url = _served(choice, domains)
    instead = choice.offer is None
    work = export_files(directory, served, target, base_url, instead=instead, say=say)
    count = len(served.domains)
    try:
        with progress(count, "Writing") as written:
            files = 0
            for paths in work:
                files += len(paths)
                written(1)
    except HoldsMore as error:
        put(error.configuration)
        raise
    say(f"{counted(files, 'file')} for {counted(count, 'domain')} in {directory}")
    for sentence in TARGETS[target].advice(served, directory, base_url):
        say(sentence)


def _export_for_public_database(directory: Path, choice: Choice, domains: tuple[str, ...]) -> None:
    if domains or choice != Choice():
        options = "--config, --offer, --server or --region"
        raise click.UsageError(f"--for {PUBLIC_DATABASE} takes no DOMAIN, {options}")
    written = ispdb.export(directory, load_catalogue(), say)
    say(f"{counted(len(written), 'file')} in {directory}: propose them at {ispdb.DATABASE}")


def _say_what_is_left_out(config: "Config", path: Path) -> None:
    """Say that files are for configured domains. Raises `ConfigurationError` if there is none."""
    if not config.services:
        message = "there is no [[service]]: add one; files cannot ask the DNS, as the server does"
        raise ConfigurationError([Problem(str(path), message)])
    say("`detect = true` is for the server: the files are for the domains of the services alone")


def _served(choice: Choice, domains: tuple[str, ...]) -> tuple[Served, str | None]:
    """The table of names, and the base URL."""
    if choice.offer is None and domains:
        raise click.UsageError("DOMAIN goes with --offer; a configuration has its own domains")
    if choice.offer is None:
        config = choice.config()
        if config.detect:
            _say_what_is_left_out(config, path_of_config(choice.config_file))
        return config.served, config.base_url
    if not domains:
        raise click.UsageError("--offer needs a DOMAIN to write")
    names = [parse_domain(text) for text in domains]
    for name in names:
        require_mail(name)
    return Served(dict.fromkeys(names, choice.offered(choice.offer))), None
