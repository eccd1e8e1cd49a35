"""The steps that remain for the owner of the domains: upload, DNS records, sites, certificates.

The pages and buttons of the control panel are called as in OVHcloud's guides on sites (2025-12-16),
the text mode of a zone (2026-03-27) and certificates (2026-09-24).
"""

import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from autoconfig.documents.words import words
from autoconfig.generator.form import Wanted
from autoconfig.generator.records import changes
from autoconfig.names import CERTIFIED_PREFIXES, Domain, unicode_domain
from autoconfig.offers.catalogue import DEFAULT_REGION, Catalogue
from autoconfig.offers.model import Service
from autoconfig.zone.forms import panel_line
from autoconfig.zone.hosts import region_of
from autoconfig.zone.hosts import said as named

FOLDER = "autoconfig"
"""The folder of the ZIP that is to be uploaded, and the root folder of the sites."""
WIDTH = 90
"""Characters of a line: Notepad does not wrap by itself."""

ASKED: Mapping[str, Sequence[str]] = {
    "apache": CERTIFIED_PREFIXES,
    "plain": CERTIFIED_PREFIXES[:1],
}
"""The prefixes of the names that are to lead to web space; plain files tell Outlook nothing."""
SHOWN: Mapping[str, str] = {"apache": "", "plain": "mail/config-v1.1.xml"}
"""The page below `autoconfig.` that shows whether all is well."""

Block: TypeAlias = str | Sequence[str]
"""A paragraph, or lines that stand as they are."""


def steps(wanted: Wanted, catalogue: Catalogue, language: str) -> str:
    """The text of the steps."""
    text = _Steps(wanted, catalogue, words("steps", language))
    title = text.said["title"]
    parts = [f"{title}\n{'=' * len(title)}", *map(_wrapped, text.about())]
    for number, (heading, blocks) in enumerate(text.all().items(), 1):
        line = f"{number}. {text.said[heading]}"
        parts += [f"\n{line}\n{'-' * len(line)}", *map(_wrapped, blocks)]
    return "\n\n".join(parts) + "\n"


def _wrapped(block: Block) -> str:
    if isinstance(block, str):
        return textwrap.fill(block, WIDTH, break_long_words=False, break_on_hyphens=False)
    return "\n".join(block)


def _to_read(lines: Iterable[str]) -> Block:
    """Lines set off from the paragraphs, and from the lines that are to be pasted."""
    return [f"    {line}" for line in lines]


@dataclass(frozen=True, slots=True)
class _Steps:
    """The steps of what is wanted. `said`: the words, in one language."""

    wanted: Wanted
    catalogue: Catalogue
    said: Mapping[str, str]

    def about(self) -> Iterator[Block]:
        """The domains, the offers, and what is doubtful about these."""
        services = self._services()
        yield self.said["services"]
        yield _to_read(
            self.said["service"].format(offer=named(each), domains=", ".join(names))
            for each, names in services.items()
        )
        if self.wanted.by_dns:
            yield self.said["by_dns"]
        for service, names in services.items():
            if service.guessed:
                yield self.said["guess"].format(domains=", ".join(names))
            if service.host and region_of(service).server.doubt(service.host):
                yield self.said["doubt"].format(host=service.host)

    def all(self) -> Mapping[str, Iterator[Block]]:
        """The blocks of each step, by the key of its heading."""
        return {
            "upload": iter([self._of_space("upload", folder=FOLDER)]),
            "dns": self._dns(),
            "sites": self._sites() if self._is_panel else self._folders(),
            "certificate": iter([self._of_space("certificate")]),
            "check": self._check(),
            "after": iter([self.said["after_change"]]),
        }

    @property
    def _is_panel(self) -> bool:
        """Whether the web space is OVHcloud's, as far as the form tells."""
        return self.wanted.space == "apache"

    def _of_space(self, key: str, **values: str) -> str:
        return self.said[f"{key}_{self.wanted.space}"].format(**values)

    def _services(self) -> Mapping[Service, Sequence[Domain]]:
        found: dict[Service, list[Domain]] = {}
        for domain, service in self.wanted.served.domains.items():
            found.setdefault(service, []).append(domain)
        return found

    def _asked(self, *domains: Domain) -> list[str]:
        prefixes = ASKED[self.wanted.space]
        return [f"{prefix}{domain}" for domain in domains for prefix in prefixes]

    # ------------------------------------------------------------------------------- the steps

    def _dns(self) -> Iterator[Block]:
        yield self.said["dns_how"]
        yield self.said["dns_elsewhere"]
        for domain, service in self.wanted.served.domains.items():
            typed = unicode_domain(domain)
            yield f"* {domain}" if typed == domain else f"* {typed} ({domain})"
            yield from self._records(domain, service)

    def _records(self, domain: Domain, service: Service) -> Iterator[Block]:
        asked = self._asked(domain)
        found = changes(domain, service, self.wanted.site, asked, self.catalogue)
        if domain.count(".") > 1:
            label, _, _ = domain.partition(".")
            yield self.said["dns_of_zone"].format(domain=domain, label=label)
        for key, records in zip(("remove", "add", "helps"), found, strict=True):
            if records:
                lines = [panel_line(each, domain) for each in records]
                yield self.said[f"dns_{key}"]
                yield _to_read(lines) if key == "remove" else lines
        if not self.wanted.site:
            key = "dns_by_panel" if self._is_panel else "dns_by_host"
            yield self.said[key].format(names=", ".join(asked))

    def _sites(self) -> Iterator[Block]:
        configuration = self.said["manual" if self.wanted.site else "automatic"]
        yield self.said["sites_apache"].format(folder=FOLDER, configuration=configuration)
        yield _to_read(self._asked(*self.wanted.served.domains))
        yield self.said["sites_external"]

    def _folders(self) -> Iterator[Block]:
        yield self.said["sites_plain"]
        asked = self._asked(*self.wanted.served.domains)
        yield _to_read(f"{name}: {FOLDER}/{name}" for name in asked)
        yield self.said["sites_beside"]
        for service, names in self._services().items():
            if not service.autodiscover:
                yield self.said["sites_outlook"].format(domains=", ".join(names))

    def _check(self) -> Iterator[Block]:
        path = SHOWN[self.wanted.space]
        yield self._of_space("check")
        yield _to_read(
            f"https://autoconfig.{domain}/{path}" for domain in self.wanted.served.domains
        )
        yield self.said["check_program"]
        yield self.said["check_command"]
        yield _to_read(_command(each, names) for each, names in self._services().items())


def _command(service: Service, names: Sequence[Domain]) -> str:
    region = f" --region {service.region}" if service.region != DEFAULT_REGION else ""
    server = f" --server {service.host}" if service.host else ""
    return f"autoconfig check {' '.join(names)} --offer {service.offer.id}{region}{server}"
