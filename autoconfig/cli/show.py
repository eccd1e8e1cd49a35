"""`autoconfig show`."""

from pathlib import Path

import click

from autoconfig.cli.options import Choice, choice_options
from autoconfig.cli.output import put, say
from autoconfig.documents.document import redirect_text
from autoconfig.documents.formats import (
    APPLE_DEVICES,
    FORMATS,
    LANGUAGES,
    Format,
    in_language,
    profile_for,
)
from autoconfig.documents.render import document
from autoconfig.documents.text import PROFILE
from autoconfig.errors import NotServed
from autoconfig.names import EmailAddress, parse_domain

SHOWN_FORMATS = [format.name for format in FORMATS.values() if format.asked_for]


@click.command()
@click.argument("format", type=click.Choice(SHOWN_FORMATS))
@click.argument("name", metavar="DOMAIN|ADDRESS")
@click.option(
    "--lang",
    type=click.Choice(LANGUAGES),
    help=f"Language of a page or a profile. Default: {LANGUAGES[0]}.",
)
@click.option(
    "--for",
    "device",
    type=click.Choice(APPLE_DEVICES),
    help="Device of a profile, for Exchange's own protocols. Default: any, by its mail servers.",
)
@click.option(
    "--output",
    "-o",
    type=click.Path(path_type=Path),
    help="Write it into this file, which is whole or stays as it was.",
)
@choice_options
def show(
    format: str,
    name: str,
    lang: str | None,
    device: str | None,
    output: Path | None,
    choice: Choice,
) -> None:
    """Print a document, byte for byte what the server answers.

    With an address, `autodiscover` and `page` have the login filled in; with a domain they have
    none.
    """
    asked = EmailAddress.parse(name) if "@" in name else parse_domain(name)
    address, domain = (asked, asked.domain) if isinstance(asked, EmailAddress) else (None, asked)
    row = _row(format, lang, device)
    if address is None and row.for_domain:
        row = FORMATS[row.for_domain]
    service, config = choice.find(asked, signs=row.kind is PROFILE)
    if row.kind is PROFILE:
        row = FORMATS[profile_for(device or "", row.language, service)]
    if row.offered(service):
        if address is None and row.needs_address:
            raise click.UsageError(f"{format} needs an address, such as alice@{domain}")
        content = document(row, service).fill(domain, address)
        identity = config.identity if config else None
        put(identity.sign(content) if identity else content, output)
    elif service.autodiscover:
        say(f"Outlook is sent (HTTP 302) to the Autodiscover of {service.host}:")
        put(redirect_text(service.autodiscover.xml), output)
    else:
        message = f"has no {row.needs}, so there is no {format} document"
        raise NotServed(f"{service.offer.name} {message}")


def _row(format: str, lang: str | None, device: str | None) -> Format:
    """The format that is asked for. Raises `click.UsageError` where an option is another's."""
    row = FORMATS.get(in_language(format, lang or LANGUAGES[0]))
    if row is None:
        raise click.UsageError("--lang goes with page and mobileconfig")
    if device and row.kind is not PROFILE:
        raise click.UsageError("--for goes with mobileconfig")
    return row
