"""The golden files: all that is published, as a person has read it.

`make golden` writes them anew, after a change on purpose; then read what git shows, against
protocol and offer, before it goes in. It writes what documents show of offers and programs, too.
"""

import json
from pathlib import Path

from autoconfig.documents.formats import LANGUAGES
from autoconfig.export import ispdb
from autoconfig.names import EmailAddress
from autoconfig.offers import listing
from autoconfig.offers.catalogue import load_catalogue
from autoconfig.offers.model import Service
from autoconfig.zone.compare import make_plan
from autoconfig.zone.report import Report
from tests.support import printed, programs
from tests.support.plans import DEFAULT_ZONE, DOMAIN, TARGET, held
from tests.support.services import CATALOGUE, DOCUMENTS, SERVICES

GOLDEN = Path(__file__).parents[1] / "golden"
ADDRESS = EmailAddress.parse("alice@example.com")


def golden_files() -> dict[str, bytes]:
    """The files by their names: each document of each service, its records, those of the public
    database, and the list of offers.
    """
    documents = {
        f"{name}.{format}{document.format.kind.suffix}": document.fill(ADDRESS.domain, ADDRESS)
        for name, rendered in DOCUMENTS.items()
        for format, document in rendered.items()
    }
    database = ispdb.files(load_catalogue())
    return {
        **documents,
        **{
            f"{name}.dns-{lang}.txt": _records(service, lang)
            for name, service in SERVICES.items()
            for lang in LANGUAGES
        },
        **{f"ispdb.{name}": content for name, content in database.items()},
        "offers.json": _offers(),
    }


def _records(service: Service, lang: str) -> bytes:
    """What `autoconfig dns` prints: for a zone as OVHcloud creates it, and for an empty one."""
    zones = {DOMAIN: held(DEFAULT_ZONE), ADDRESS.domain: []}
    plans = [make_plan(domain, service, zone, TARGET, CATALOGUE) for domain, zone in zones.items()]
    return f"{Report(plans, lang).for_people()}\n".encode()


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
    programs.write()
    printed.write()
