"""The `autoconfig` command.

Results go to standard output, everything else to standard error. Exit codes: 0 done; 1 a negative
answer (a domain that is not served); 2 wrong usage or configuration; as a shell counts signals, 130
interrupted and 141 nobody reads on.
"""

import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

import click

from autoconfig.config.directory import Directory, Site
from autoconfig.config.load import Config, config_path, load_config
from autoconfig.documents.formats import FORMATS, Format, redirect_text
from autoconfig.documents.render import documents
from autoconfig.errors import NotServed
from autoconfig.export.files import export as export_files
from autoconfig.export.webspace import TARGETS
from autoconfig.names import Domain, EmailAddress, parse_domain
from autoconfig.offers import listing
from autoconfig.offers.catalogue import DEFAULT_REGION, load_catalogue
from autoconfig.problems import ConfigurationError, InvalidName, Problem

SHOWN_FORMATS = [format.name for format in FORMATS.values() if format.asked_for]

Command = TypeVar("Command", bound=Callable[..., Any])


class _Commands(click.Group):
    """Turns our exceptions into messages and exit codes."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (ConfigurationError, InvalidName) as error:
            _say("\n".join(f"error: {line}" for line in str(error).splitlines()))
            return ctx.exit(2)
        except KeyboardInterrupt:
            _say("interrupted")
            return ctx.exit(130)
        except BrokenPipeError:  # `head` has had enough
            return ctx.exit(141)
        except OSError as error:
            _say(f"error: {error.filename or 'autoconfig'}: {error.strerror or error}")
            return ctx.exit(2)
        except NotServed as error:
            _say(f"error: {error}")
            return ctx.exit(1)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="ovh-autoconfig", prog_name="autoconfig")
def main() -> None:
    """Mail-client autoconfiguration for domains whose mail is at OVHcloud."""


def _config_option(command: Command) -> Command:
    return click.option(
        "--config",
        "config_file",
        type=click.Path(path_type=Path),
        help="Configuration file. Default: $AUTOCONFIG_CONFIG, else autoconfig.toml.",
    )(command)


def _offer_options(command: Command) -> Command:
    """The options that stand for a configuration of one service."""
    for option in (
        click.option("--region", help=f'Region of the service. Default: "{DEFAULT_REGION}".'),
        click.option("--server", help="The service's server, as the control panel shows it."),
        click.option("--offer", help="Do without a configuration: the OVH offer."),
    ):
        command = option(command)
    return _config_option(command)


def _processors() -> int:
    """How many this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@main.command()
@_config_option
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option(
    "--workers",
    default=_processors,
    show_default="one for each processor",
    type=click.IntRange(1, 256),
    help="Processes.",
)
def serve(config_file: Path | None, host: str, port: int, workers: int) -> None:
    """Answer mail clients, until SIGTERM or Ctrl-C."""
    # The only command that needs Flask and a server: the others start in half the time without.
    from autoconfig import serve as server  # noqa: PLC0415

    server.hold_reloads()
    path = config_path(config_file)
    config = _load(path)
    address = server.listenable(host, port)
    written = f"[{address}]" if ":" in address else host
    _say(f"{path}: {_summary(config)}; http://{written}:{port}")
    server.serve(path, config, address, port, workers)


@main.command()
@click.argument("format", type=click.Choice(SHOWN_FORMATS))
@click.argument("name", metavar="DOMAIN|ADDRESS")
@_offer_options
def show(
    format: str,
    name: str,
    config_file: Path | None,
    offer: str | None,
    server: str | None,
    region: str | None,
) -> None:
    """Print a document, byte for byte what the server answers.

    With an address, `autodiscover` has the login filled in; with a domain it has none.
    """
    asked = EmailAddress.parse(name) if "@" in name else parse_domain(name)
    address, domain = (asked, asked.domain) if isinstance(asked, EmailAddress) else (None, asked)
    row = FORMATS[format]
    if address is None and row.for_domain:
        row = FORMATS[row.for_domain]
    if offer is not None:
        site = _offered(config_file, offer, server, region, [row])
    else:
        site = _site(asked, config_file, server, region, [row])
    document = site.documents.get(row.name)
    exchange = site.service.autodiscover
    if document is not None and address is None and row.needs_address:
        raise click.UsageError(f"{format} needs an address, such as alice@{domain}")
    if document is not None:
        content = document.fill(domain, address)
    elif exchange is not None:
        _say(f"Outlook is sent (HTTP 302) to the Autodiscover of {site.service.host}:")
        content = redirect_text(exchange.xml)
    else:
        raise NotServed(f"{site.service.offer.name} has nothing in the format {format}")
    _print(content)


@main.command()
@click.argument("directory", type=click.Path(file_okay=False, path_type=Path))
@click.argument("domains", nargs=-1, metavar="[DOMAIN]...")
@click.option(
    "--for",
    "target",
    type=click.Choice(list(TARGETS)),
    default="plain",
    show_default=True,
    help="The web space: files alone, or with what Apache and PHP, or nginx, need beside them.",
)
@_offer_options
def export(  # noqa: PLR0913, PLR0917  # as many as the command has options
    directory: Path,
    domains: tuple[str, ...],
    target: str,
    config_file: Path | None,
    offer: str | None,
    server: str | None,
    region: str | None,
) -> None:
    """Write the documents as files, for any web space.

    A file's path is its URL: DIRECTORY/autoconfig.example.fr/mail/config-v1.1.xml.
    """
    if offer is None and domains:
        raise click.UsageError("DOMAIN goes with --offer; a configuration has its own domains")
    if offer is not None and not domains:
        raise click.UsageError("--offer needs a DOMAIN to write")
    if offer is None:
        config = _configured(config_file, server, region)
        names, base_url = config.directory, config.base_url
    else:
        site = _offered(config_file, offer, server, region, FORMATS.values())
        names = Directory({parse_domain(text): site for text in domains}, {}, frozenset())
        base_url = None
    count = len(names.domains)
    work = export_files(directory, names, target, base_url)
    with click.progressbar(work, length=count, label="Writing", file=sys.stderr) as progress:
        files = sum(map(len, progress))
    _say(f"{_count(files, 'file')} for {_count(count, 'domain')} in {directory}")
    for sentence in TARGETS[target].beyond(names, directory):
        _say(sentence)


@main.command()
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def offers(*, as_json: bool) -> None:
    """List the offers, their servers and where each fact was read."""
    catalogue = load_catalogue()
    _print(listing.for_programs(catalogue) if as_json else listing.for_people(catalogue))


@main.command()
@_config_option
def validate(config_file: Path | None) -> None:
    """Check the configuration and say every mistake in it."""
    path = config_path(config_file)
    _print(f"{path}: {_summary(_load(path))}")


def _load(path: Path, formats: Iterable[Format] = FORMATS.values()) -> Config:
    config = load_config(path, formats)
    for warning in config.warnings:
        _say(f"warning: {warning}")
    return config


def _configured(
    config_file: Path | None,
    server: str | None,
    region: str | None,
    formats: Iterable[Format] = FORMATS.values(),
) -> Config:
    if server is not None or region is not None:
        raise click.UsageError("--server and --region go with --offer")
    return _load(config_path(config_file), formats)


def _offered(
    config_file: Path | None,
    offer: str,
    server: str | None,
    region: str | None,
    formats: Iterable[Format],
) -> Site:
    """The service that the options describe, in place of a configuration."""
    if config_file is not None:
        raise click.UsageError("--offer and --config exclude each other")
    try:
        service, doubts = load_catalogue().service(offer, region or DEFAULT_REGION, server)
    except ConfigurationError as error:
        raise ConfigurationError(
            Problem(f"--{problem.where}", problem.message) for problem in error.problems
        ) from None
    for doubt in doubts:
        _say(f"warning: --{doubt}")
    return Site(service, documents(service, formats))


def _site(
    name: Domain | EmailAddress,
    config_file: Path | None,
    server: str | None,
    region: str | None,
    formats: Iterable[Format],
) -> Site:
    site = _configured(config_file, server, region, formats).directory.find(name)
    if site is None:
        path = config_path(config_file)
        raise NotServed(f"{path} has no service for {name}; add it to one, or give --offer")
    return site


def _summary(config: Config) -> str:
    directory = config.directory
    addresses = len(directory.mailboxes)
    return f"{_count(config.services, 'service')}, {_count(len(directory.domains), 'domain')}" + (
        f", {_count(addresses, 'address', 'addresses')}" if addresses else ""
    )


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"


def _print(result: str | bytes) -> None:
    """Write a result to standard output, text as a line of its own."""
    try:
        click.echo(result, nl=isinstance(result, str))
    except OSError as error:
        # Python flushes once more when it ends, and would say so if that failed too.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        error.filename = "standard output"
        raise


def _say(text: str) -> None:
    click.echo(text, err=True)
