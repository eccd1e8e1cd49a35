"""The Jinja templates of `templates/`: the only place that knows Jinja.

Undefined names are errors and every value is escaped for the kind of text, so a broken template
fails when a document is rendered: by `create_app`, before anything is served.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from autoconfig.documents.devices import in_orders
from autoconfig.documents.document import Document
from autoconfig.documents.formats import FORMATS, Format
from autoconfig.documents.text import TEXT, TextKind
from autoconfig.documents.words import words
from autoconfig.guides.load import load_guides, values
from autoconfig.offers.model import SECURITY, Service

_PACKAGE = Path(__file__).parent.parent
# In the wheel the templates lie inside the package, in a checkout beside it.
_LOADER = FileSystemLoader((_PACKAGE / "templates", _PACKAGE.parent / "templates"))


@cache
def _environment(kind: TextKind) -> Environment:
    def escaped(value: object) -> object:
        """A value for text that is no markup; what `tojson` has made is escaped already."""
        plain = isinstance(value, str) and not isinstance(value, Markup)
        return kind.escape(str(value)) if plain else value

    environment = Environment(
        loader=_LOADER,
        undefined=StrictUndefined,
        autoescape=kind.markup,  # noqa: S701  # other text is escaped by `finalize`
        finalize=None if kind.markup else escaped,
        keep_trailing_newline=True,
        auto_reload=False,  # a program that is replaced on disk goes on as it began
    )
    environment.globals |= {"words": words, "guides": load_guides, "values_of": values}
    environment.globals |= {"security": SECURITY}
    return environment


def render(kind: TextKind, template: str, **values: object) -> str:
    """The text of a template. Raises `jinja2.TemplateError` if the template is broken."""
    return _environment(kind).get_template(template).render(**values)


def forget_templates() -> None:
    """Read the templates anew, as each is needed."""
    _environment.cache_clear()


def source(file: str) -> str:
    """The text of a file in `templates/` as it stands, for one that has nothing to fill in."""
    text, _, _ = _LOADER.get_source(_environment(TEXT), file)
    return text


def document(
    format: Format,
    service: Service,
    *,
    codes: bool = True,
    shared: dict[bytes, bytes] | None = None,
) -> Document:
    """The service's settings in one format.

    `codes`: whether a page has QR codes. `shared`: as `Document.from_text` has it.
    """
    text = render(
        format.kind,
        format.template,
        service=service,
        with_address=format.needs_address,
        language=format.language,
        codes=codes,
    )
    return in_orders(Document.from_text(format, text, shared))


class Renderings:
    """The documents of services, each rendered once, when it is first asked for.

    Services that are alike have the same ones. `codes`: whether pages have QR codes, which web
    space cannot draw.
    """

    def __init__(self, formats: Iterable[Format] = FORMATS.values(), *, codes: bool = True) -> None:
        self._formats = tuple(formats)
        self._codes = codes
        self._rendered: dict[Service, Mapping[str, Document]] = {}
        self._alike: dict[object, Mapping[str, Document]] = {}
        self._pieces: dict[bytes, bytes] = {}

    def of(self, service: Service) -> Mapping[str, Document]:
        """The documents that the service has, by the names of their formats.

        Raises `jinja2.TemplateError` if a template is broken.
        """
        rendered = self._rendered.get(service)
        if rendered is None:
            rendered = self._alike.get(service.alike) or self._render(service)
            self._rendered[service] = self._alike[service.alike] = rendered
        return rendered

    def _render(self, service: Service) -> Mapping[str, Document]:
        return {
            format.name: document(format, service, codes=self._codes, shared=self._pieces)
            for format in self._formats
            if format.offered(service)
        }
