"""The ZIP: the files of an export in one folder, and beside it the steps that remain.

The same wish gives the same bytes, whatever the day and the machine.
"""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from autoconfig.export.files import tree
from autoconfig.generator.form import Wanted
from autoconfig.generator.steps import FOLDER, steps
from autoconfig.offers.catalogue import Catalogue

STEPS = {"en": "README.txt", "fr": "LISEZMOI.txt"}
"""The file of the steps, by language."""

_UNIX = 3
"""The system of the entries (APPNOTE.TXT 4.4.2), so that `_MODE` counts."""
_MODE = 0o100644 << 16
"""A plain file that everybody may read: the web server is not its owner."""
_DATE = (1980, 1, 1, 0, 0, 0)
"""The first date that a ZIP can hold."""


def archive(wanted: Wanted, catalogue: Catalogue, language: str) -> bytes:
    """The ZIP of what is wanted. Raises `jinja2.TemplateError` if a template is broken."""
    written = BytesIO()
    with ZipFile(written, "w", ZIP_DEFLATED) as file:
        _add(file, STEPS[language], as_text_file(steps(wanted, catalogue, language)))
        for path, content in tree(wanted.served, wanted.space):
            _add(file, f"{FOLDER}/{path}", content)
    return written.getvalue()


def as_text_file(text: str) -> bytes:
    """A text as Notepad reads it, of whatever Windows; others read it too.

    Its older versions show a line's end by CRLF alone, and take a text without a mark for one in
    the encoding of the country.
    """
    return text.replace("\n", "\r\n").encode("utf-8-sig")


def _add(file: ZipFile, path: str, content: bytes) -> None:
    entry = ZipInfo(path, _DATE)
    entry.compress_type, entry.create_system, entry.external_attr = ZIP_DEFLATED, _UNIX, _MODE
    file.writestr(entry, content)
