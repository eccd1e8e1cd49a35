"""The Jinja templates of `templates/`: the only place that knows Jinja.

Undefined names are errors and everything is escaped, so a broken template fails when the
configuration loads, before anything is served.
"""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from autoconfig.documents import FORMATS, Document, Format
from autoconfig.offers import Service

_HERE = Path(__file__).parent


@cache
def _environment() -> Environment:
    # In the wheel the templates lie inside the package, in a checkout beside it.
    folders = (_HERE / "templates", _HERE.parent / "templates")
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


def documents(service: Service) -> dict[str, Document]:
    """Every document that the service has, by the name of its format."""
    return {
        name: document(format, service)
        for name, format in FORMATS.items()
        if format.offered(service)
    }
