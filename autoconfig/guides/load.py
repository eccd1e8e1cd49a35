"""Load the guides of `guides.toml`, and choose those of a service."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from string import Formatter
from urllib.parse import urlsplit

import msgspec
from msgspec import structs

from autoconfig.guides.model import (
    Device,
    Guide,
    Guided,
    GuidesFile,
    Need,
    Said,
    Source,
    Trouble,
    Way,
)
from autoconfig.offers.model import SECURITY, Service
from autoconfig.programs.load import read_programs
from autoconfig.programs.model import Program, ProgramsFile
from autoconfig.typed_toml import read_toml

PACKAGED = Path(__file__).with_name("guides.toml")

UNKNOWN: Device = "windows"
"""The device whose order a visitor gets of whose device nothing is known."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A guide, and its way for a service. `sources`: where the way was read. `tried`: the program
    that was run instead, on the day `tried_on`.
    """

    guide: Guide
    way: Way
    sources: tuple[Source, ...]
    tried: Program | None
    tried_on: date | None


@dataclass(frozen=True, slots=True)
class Link:
    """A page that says more."""

    text: Said
    url: Guided


@dataclass(frozen=True, slots=True)
class Advice:
    """A trouble, as `Trouble` has it, and what says more about it."""

    id: str
    sign: Said
    cure: Said
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Guides:
    """All guides and troubles."""

    file: GuidesFile
    programs: ProgramsFile

    def for_service(self, service: Service) -> tuple[Chosen, ...]:
        """Each guide that has a way for it, in the order of an unknown device."""
        guides = {guide.id: guide for guide in self.file.guide if has(service, guide.way[-1].needs)}
        order = (each for each in self.order(UNKNOWN) if each in guides)
        return tuple(self._chosen(guides[each], service) for each in order)

    def order(self, device: Device) -> tuple[str, ...]:
        """The ids of all guides, those for the device first, of these the likeliest."""
        return tuple(g.id for g in sorted(self.file.guide, key=lambda g: device not in g.devices))

    def troubles(self, service: Service) -> tuple[Advice, ...]:
        """What may go wrong with the service, the likeliest first."""
        return tuple(
            Advice(trouble.id, trouble.sign, trouble.cure, self._links(trouble, service))
            for trouble in self.file.trouble
            if says(trouble.cure, service)
            and not (trouble.needs and not has(service, trouble.needs))
            and not (trouble.lacks and has(service, trouble.lacks))
        )

    def _chosen(self, guide: Guide, service: Service) -> Chosen:
        way = next(way for way in guide.way if has(service, way.needs))
        steps = way.steps + (guide.way[-1].steps if way.goes_on else ())
        way = structs.replace(way, steps=tuple(each for each in steps if says(each, service)))
        sources = self._sources(way.source, service)
        if not sources:
            sources = tuple(self.file.source[name] for name in way.source)
        return Chosen(guide, way, sources, *self._tried(guide))

    def _links(self, trouble: Trouble, service: Service) -> tuple[Link, ...]:
        sources = self._sources(trouble.source, service)
        return tuple(Link(source.title, source.where) for source in sources)

    def _sources(self, names: Iterable[str], service: Service) -> tuple[Source, ...]:
        """Of these sources, those that are about the service's offer, or about all."""
        sources = (self.file.source[name] for name in names)
        return tuple(s for s in sources if not s.offers or service.offer.id in s.offers)

    def _tried(self, guide: Guide) -> tuple[Program | None, date | None]:
        """The program that was run, and the day since which nothing known of it is older."""
        program = next((each for each in self.programs.program if each.id == guide.tried), None)
        if program is None:
            return None, None
        return program, min(self.programs.source[name].verified for name in program.source)


def has(service: Service, need: Need) -> bool:
    """Whether the service has what a way or a trouble is for."""
    return bool(service.of("imap")) if need == "imap" else getattr(service, need) is not None


def says(text: Said, service: Service) -> bool:
    """Whether the service has all that the text names. An offer of one's own may lack some."""
    names = {name for _, name, _, _ in Formatter().parse(text.en) if name}
    return names <= {"address", *values(service)}


def values(service: Service) -> dict[str, str]:
    """What the steps of the service may hold, but for `{address}`.

    `{imap}`, `{smtp}`, the hosts of the preferred servers; `{imap_port}`, `{imap_security}` and so
    on; `{activesync}`, `{ews}`, `{caldav}`, hosts as well.
    """
    filled: dict[str, str] = {}
    for server in service.preferred("imap", "pop3", "smtp"):
        filled[server.protocol] = server.host
        filled[f"{server.protocol}_port"] = str(server.port)
        filled[f"{server.protocol}_security"] = SECURITY[server.socket]
    for name in ("activesync", "ews", "caldav"):
        if link := getattr(service, name):
            filled[name] = urlsplit(link.url).netloc
    return filled


def read_guides() -> GuidesFile:
    """The file as it is."""
    return msgspec.convert(read_toml(PACKAGED), GuidesFile)


@cache
def load_guides() -> Guides:
    """Every guide and every trouble. Read once in a process, and only where a page is rendered."""
    return Guides(read_guides(), read_programs())
