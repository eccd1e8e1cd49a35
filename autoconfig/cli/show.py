"""`autoconfig show`."""

from pathlib import Path

import click

from autoconfig.cli.options import Choice, choice_options
from autoconfig.cli.output import put, say
from autoconfig.documents.document import redirect_text
from autoconfig.documents.formats import FORMATS, LANGUAGES, in_language
from autoconfig.documents.render import document
from autoconfig.errors import NotServed
from autoconfig.names import EmailAddress, parse_domain

SHOWN_FORMATS = [format.name for format in FORMATS.values() if format.asked_for]


@click.command()
@click.argument("format", type=click.Choice(SHOWN_FORMATS))
@click.argument("name", metavar="DOMAIN|ADDRESS")
@click.option("--lang", type=click.Choice(LANGUAGES), help="Language of a page. Default: en.")
@click.option(
    "--output",
    "-o",
    type=click.Path(path_type=Path),
    help="Write it into this file, which is whole or stays as it was.",
)
@choice_options
def show(format: str, name: str, lang: str | None, output: Path | None, choice: Choice) -> None:
    """Print a document, byte for byte what the server answers.

    With an address, `autodiscover` and `page` have the login filled in; with a domain they have
    none.
    """
    asked = EmailAddress.parse(name) if "@" in name else parse_domain(name)
    address, domain = (asked, asked.domain) if isinstance(asked, EmailAddress) else (None, asked)
    row = FORMATS.get(in_language(format, lang or LANGUAGES[0]))
    if row is None:
        raise click.UsageError("--lang goes with page")
    if address is None and row.for_domain:
        row = FORMATS[row.for_domain]
    service = choice.service(asked)
    if row.offered(service):
        if address is None and row.needs_address:
            raise click.UsageError(f"{format} needs an address, such as alice@{domain}")
        put(document(row, service).fill(domain, address), output)
    elif service.autodiscover:
        say(f"Outlook is sent (HTTP 302) to the Autodiscover of {service.host}:")
        put(redirect_text(service.autodiscover.xml), output)
    else:
        message = f"has no {row.needs}, so there is no {format} document"
        raise NotServed(f"{service.offer.name} {message}")
