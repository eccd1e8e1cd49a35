"""The Jinja templates of `templates/`: the only place that knows Jinja.

Undefined names are errors and everything is escaped, so a broken template fails when the
configuration loads, before anything is served.
"""

from collections.abc import Iterable
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from autoconfig.documents.formats import FORMATS, Document, Format
from autoconfig.offers.model import Service

_PACKAGE = Path(__file__).parent.parent


@cache
def _environment() -> Environment:
    # In the wheel the templates lie inside the package, in a checkout beside it.
    folders = (_PACKAGE / "templates", _PACKAGE.parent / "templates")
    return Environment(
        loader=FileSystemLoader(folders),
        undefined=StrictUndefined,
        autoescape=True,
        keep_trailing_newline=True,
    )


def render(template: str, **values: object) -> str:
    """The text of a template. Raises `jinja2.TemplateError` if the template is broken."""
    return _environment().get_template(template).render(**values)


def document(format: Format, service: Service) -> Document:
    """The service's settings in one format."""
    text = render(format.template, service=service, with_address=format.needs_address)
    return Document.from_text(format, text)


def documents(
    service: Service, formats: Iterable[Format] = FORMATS.values()
) -> dict[str, Document]:
    """The documents that the service has in these formats, by the names of the formats."""
    return {format.name: document(format, service) for format in formats if format.offered(service)}
