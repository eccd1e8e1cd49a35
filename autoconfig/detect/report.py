"""What was found of many domains: lines for people, JSON for programs, and a configuration."""

import json
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from autoconfig.config.services import ServiceTable
from autoconfig.config.written import WIDTH, comment, commented, table
from autoconfig.detect.rule import Advice, Confidence, Finding, SignSeen
from autoconfig.detect.survey import Detected
from autoconfig.detect.words import (
    ADVICE,
    CONFIDENCE,
    FOR_CONFIGURATION,
    HEADS,
    NO_ANSWER,
    NOTE,
    ORIGIN,
    READINGS,
    REGIONS,
)
from autoconfig.names import Domain
from autoconfig.offers.catalogue import DEFAULT_REGION, Catalogue
from autoconfig.problems import printable, shortened

MOST_SIGNS = 6
"""Signs of a domain in its line. A zone may have a thousand records; JSON has all of them."""

WIDEST = 48
"""Characters of a column. What is longer, as a name of 253 may be, sets its own line aside."""

UNKNOWN = "?"
"""A value that a person has to find out. No configuration that holds it loads."""


class Group(NamedTuple):
    """Domains of which the same was found. `advice`: the sentence."""

    finding: Finding
    advice: str
    domains: tuple[Domain, ...]

    @property
    def usable(self) -> bool:
        """Whether a configuration can have it."""
        return self.finding.confidence in (Confidence.KNOWN, Confidence.GUESS)

    @property
    def table(self) -> str:
        """Its `[[service]]` table, out of use where something is missing."""
        offer, server = self.finding.offer, self.finding.server
        if offer and not self.usable:
            server = UNKNOWN
        region = self.finding.region or DEFAULT_REGION
        service = ServiceTable(offer or UNKNOWN, region, server, domains=self.domains)
        return table(service) if self.usable else commented(table(service))


@dataclass(frozen=True, slots=True)
class Report:
    """What was found, in the order in which it is told. `origin`: who said so, and when."""

    found: Sequence[Detected]
    catalogue: Catalogue
    language: str
    origin: str

    @property
    def complete(self) -> bool:
        """Whether there is a service for every domain."""
        return all(group.usable for group in self.groups)

    @property
    def groups(self) -> list[Group]:
        """The domains by what was found, the surest first."""
        found: dict[tuple[Finding, str], list[Domain]] = {}
        for each in self.found:
            found.setdefault((each.finding, self._advice(each)), []).append(each.domain)
        groups = [Group(*same, tuple(domains)) for same, domains in found.items()]
        order = [*Confidence]
        return sorted(groups, key=lambda group: order.index(group.finding.confidence))

    def for_programs(self) -> str:
        """JSON: an object a domain."""
        objects = [
            {
                "domain": each.domain,
                "offer": each.finding.offer,
                "region": each.finding.region,
                "server": each.finding.server,
                "confidence": each.finding.confidence,
                "signs": [
                    {"record": sign.record, "value": sign.value, "reading": self._reading(sign)}
                    for sign in each.signs
                ],
                "advice": self._advice(each),
            }
            for each in self.found
        ]
        return json.dumps(objects, indent=2, ensure_ascii=False)

    def for_people(self, *, tables: bool) -> str:
        """A line a domain, and what to look at where nothing could be decided.

        `tables`: whether the `[[service]]` tables of the others follow, to be pasted.
        """
        groups = self.groups
        parts = [self._lines(), *(self._note(each) for each in groups if not each.usable)]
        if tables and any(each.usable for each in groups):
            parts += [FOR_CONFIGURATION[self.language]]
            parts += [self._remarked(each) for each in groups if each.usable]
        return "\n\n".join(parts)

    def configuration(self) -> str:
        """All of it as a configuration. What has no service is a comment, at its end."""
        origin = comment(ORIGIN[self.language].format(origin=self.origin))
        return "\n\n".join((origin, *map(self._remarked, self.groups)))

    def _lines(self) -> str:
        rows = [HEADS[self.language], *map(self._row, self.found)]
        widths = [min(max(map(len, each)), WIDEST) for each in zip(*rows, strict=True)]
        return "\n".join("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)

    def _row(self, each: Detected) -> tuple[str, ...]:
        finding, more = each.finding, len(each.signs) > MOST_SIGNS
        signs = [
            f"{shortened(f'{sign.record} {sign.value}'.strip())}: {self._reading(sign)}"
            for sign in each.signs[:MOST_SIGNS]
        ]
        region = finding.region if finding.region != DEFAULT_REGION else None
        offer = [self._offer(finding.offer), self._region(region)] if finding.offer else ["-"]
        return (
            each.domain,
            ", ".join(filter(None, offer)),
            finding.server or "-",
            CONFIDENCE[finding.confidence][self.language],
            printable(each.failure or "; ".join([*signs, "…"] if more else signs)),
        )

    def _reading(self, sign: SignSeen) -> str:
        words = READINGS[sign.reading][self.language]
        return words.format(offer=self._offer(sign.offer), region=self._region(sign.region))

    def _advice(self, each: Detected) -> str:
        if each.detection is None:
            return NO_ANSWER[self.language].format(failure=printable(each.failure))
        words = ADVICE[each.detection.advice][self.language]
        return words.format(offer=self._offer(each.finding.offer), server=each.finding.server)

    def _offer(self, offer: str | None) -> str:
        return self.catalogue.offers[offer].name if offer else ""

    def _region(self, region: str | None) -> str:
        return REGIONS[region][self.language] if region else ""

    def _note(self, group: Group) -> str:
        sure = CONFIDENCE[group.finding.confidence][self.language]
        names = NOTE[self.language].format(sure=sure, domains=", ".join(group.domains))
        return "\n".join((_wrapped(names), _wrapped(f"  {group.advice}")))

    def _remarked(self, group: Group) -> str:
        """Its table below the advice, if there is anything to do about it."""
        if group.advice == ADVICE[Advice.CONFIGURE][self.language]:
            return group.table
        sure = CONFIDENCE[group.finding.confidence][self.language]
        return f"{comment(f'{sure}. {group.advice}')}\n{group.table}"


def _wrapped(text: str) -> str:
    """Lines for people, all but the first indented."""
    return textwrap.fill(text, WIDTH, subsequent_indent="  ", break_on_hyphens=False)
