"""The golden files: all that is published, as a person has read it.

`make golden` writes them anew, after a change on purpose; then read what git shows, against
protocol and offer, before it goes in.
"""

import json
from pathlib import Path

from autoconfig.export import ispdb
from autoconfig.names import EmailAddress
from autoconfig.offers import listing
from autoconfig.offers.catalogue import load_catalogue
from tests.support.services import DOCUMENTS

GOLDEN = Path(__file__).parents[1] / "golden"
ADDRESS = EmailAddress.parse("alice@example.com")


def golden_files() -> dict[str, bytes]:
    """The files by their names: each document of each service, those of the public database, and
    the list of offers.
    """
    documents = {
        f"{name}.{format}{document.format.kind.suffix}": document.fill(ADDRESS.domain, ADDRESS)
        for name, rendered in DOCUMENTS.items()
        for format, document in rendered.items()
    }
    database = ispdb.files(load_catalogue())
    return {
        **documents,
        **{f"ispdb.{name}": content for name, content in database.items()},
        "offers.json": _offers(),
    }


def _offers() -> bytes:
    """What `autoconfig offers --json` prints, without `old`, which depends on the day."""
    listed = json.loads(listing.for_programs(load_catalogue()))
    for offer in listed["offers"]:
        del offer["old"]
    return (json.dumps(listed, indent=2, ensure_ascii=False) + "\n").encode()


def write() -> None:
    """Write every golden file, and remove what is none any more."""
    files = golden_files()
    GOLDEN.mkdir(exist_ok=True)
    for path in GOLDEN.iterdir():
        if path.name not in files:
            path.unlink()
    for name, content in files.items():
        (GOLDEN / name).write_bytes(content)


if __name__ == "__main__":
    write()
