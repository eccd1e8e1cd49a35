"""The zones of the stand-in: an edited copy, and the one that is served, equal after a refresh.

The odd things that the API does with records are here: filters that are patterns, pseudo types for
what is TXT on the wire, quotes that it adds, and ids that say nothing on the order.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from tests.support.ovh_api.answers import Refusal, bad

TYPES = (
    *("A", "AAAA", "CAA", "CNAME", "DKIM", "DMARC", "DNAME", "HTTPS", "LOC", "MX", "NAPTR", "NS"),
    *("PTR", "RP", "SPF", "SRV", "SSHFP", "SVCB", "TLSA", "TXT"),
)
TEXTS = {"DKIM", "DMARC", "SPF", "TXT"}
"""Types of their own in the API, and TXT in a zone's text."""
DEFAULT_TTL = 3600
LEAST_TTL = 60
LONGEST_STRING = 255
_LINE = re.compile(r"(\S*)\s+(?:(\d+)\s+)?(?:IN\s+)?([A-Z]+)\s+(.+)")

Row = dict[str, Any]
"""`fieldType`, `subDomain` (the apex: empty), `target`, and `ttl`: 0 for the zone's own."""


@dataclass
class StoredZone:
    """A zone. `edited` and `served`: rows by their ids. `deployed`: of its status.

    `null_apex`: whether answers have null for the apex. `contains`: whether a filter may match in
    the middle.
    """

    name: str
    edited: dict[int, Row] = field(default_factory=dict)
    served: dict[int, Row] = field(default_factory=dict)
    serial: int = 2026112600
    refreshed: int = 0
    name_servers: tuple[str, ...] = ("ns.example.net", "dns.example.net")
    null_apex: bool = False
    contains: bool = False
    errors: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    random: Random = field(default_factory=lambda: Random(1))  # noqa: S311  # ids

    @classmethod
    def of(cls, name: str, text: str, **settings: Any) -> "StoredZone":
        """A zone that serves these lines: `NAME [TTL] [IN] TYPE TARGET`, where @ is the apex.

        The targets stay as they are written.
        """
        zone = cls(name, **settings)
        for server in zone.name_servers:
            zone.put("", "NS", f"{server}.")
        for line in filter(None, map(str.strip, text.splitlines())):
            found = _LINE.fullmatch(line)
            assert found, line
            zone.put(found[1].replace("@", ""), found[3], found[4], int(found[2] or 0))
        zone.served = {number: {**row} for number, row in zone.edited.items()}
        return zone

    def put(self, sub_domain: str, kind: str, target: str, ttl: int = 0) -> int:
        """Add a record, without any check; its id."""
        number = self.random.getrandbits(62)
        row = {"fieldType": kind, "subDomain": sub_domain, "target": target, "ttl": ttl}
        self.edited[number] = row
        return number

    def lines(self, *, served: bool = False) -> list[str]:
        """`NAME TTL TYPE TARGET` of every record but NS, sorted, for a test to compare."""
        return sorted(
            f"{row['subDomain'] or '@'} {row['ttl']} {row['fieldType']} {row['target']}"
            for row in (self.served if served else self.edited).values()
            if row["fieldType"] != "NS"
        )

    # What the API does.

    def ids(self, query: Mapping[str, str]) -> list[int]:
        """The ids of records that both filters match, if they are there: patterns, as in SQL."""
        return [
            number
            for number, row in self.edited.items()
            if self._is_like(row["fieldType"], query.get("fieldType"))
            and self._is_like(row["subDomain"], query.get("subDomain"))
        ]

    def _is_like(self, value: str, pattern: str | None) -> bool:
        if pattern is None:
            return True
        wild = "".join({"%": ".*", "_": "."}.get(each, re.escape(each)) for each in pattern)
        matched = re.search if self.contains and pattern else re.fullmatch
        return matched(wild, value, flags=re.IGNORECASE) is not None

    def shown(self, number: int) -> Row:
        row = self._row(number)
        apex = None if self.null_apex else ""
        return {**row, "id": number, "zone": self.name, "subDomain": row["subDomain"] or apex}

    def _row(self, number: int) -> Row:
        if number not in self.edited:
            raise Refusal(404, "This service does not exist")
        return self.edited[number]

    def create(self, body: Mapping[str, Any]) -> Row:
        if body.get("fieldType") not in TYPES or not isinstance(body.get("target"), str):
            raise bad("[fieldType] or [target] is missing, or is none")
        row = self._checked({"fieldType": body["fieldType"], "subDomain": "", "ttl": 0}, body)
        return self.shown(self.put(row["subDomain"], row["fieldType"], row["target"], row["ttl"]))

    def change(self, number: int, body: Mapping[str, Any]) -> None:
        if "fieldType" in body:
            raise bad("Unknown parameter: fieldType")
        self.edited[number] = self._checked(self._row(number), body, number)

    def remove(self, number: int) -> None:
        self._row(number)
        del self.edited[number]

    def refresh(self) -> None:
        self.served = {number: {**row} for number, row in self.edited.items()}
        self.serial += 1
        self.refreshed += 1

    def _checked(self, row: Row, body: Mapping[str, Any], number: int | None = None) -> Row:
        """The row with what the body says, if it may be so."""
        unknown = body.keys() - {"fieldType", "subDomain", "target", "ttl"}
        if unknown:
            raise bad(f"Unknown parameter: {min(unknown)}")
        new = row | {key: value for key, value in body.items() if value is not None}
        if type(new["ttl"]) is not int or 0 < new["ttl"] < LEAST_TTL:
            raise bad(f"Invalid ttl, it must be 0, or at least {LEAST_TTL}")
        if new["fieldType"] in TEXTS:
            new["target"] = _in_quotes(new["target"])
        if new["fieldType"] == "SRV" and not re.fullmatch(r"\d+ \d+ \d+ \S+", new["target"]):
            raise bad("Invalid target for a SRV record")
        others = [
            each
            for other, each in self.edited.items()
            if other != number and each["subDomain"].lower() == new["subDomain"].lower()
        ]
        if others and "CNAME" in {new["fieldType"], *(each["fieldType"] for each in others)}:
            raise bad("A CNAME record cannot be beside another record of the same subdomain")
        if new["fieldType"] == "CNAME" and not new["subDomain"]:
            raise bad("A CNAME record cannot be at the apex")
        return new

    def export(self, *, served: bool = False) -> str:
        """The text of a copy, as the control panel's text mode has it."""
        soa = f"IN SOA {self.name_servers[0]}. tech.example.net. ({self.serial} 86400 3600"
        head = [f"$TTL {DEFAULT_TTL}", f"@\t{soa} 3600000 300)"]
        rows = (self.served if served else self.edited).values()
        return "\n".join((*head, *map(_line, sorted(rows, key=_order)), ""))

    def detail(self) -> Row:
        return {
            "name": self.name,
            "nameServers": [*self.name_servers],
            "lastUpdate": "2026-11-26T10:00:00+00:00",
            "dnssecActivated": False,
            "dnssecSupported": True,
            "hasDnsAnycast": False,
            "somethingNew": None,
        }

    def soa(self) -> Row:
        return {
            "server": f"{self.name_servers[0]}.",
            "email": "tech.example.net.",
            "serial": self.serial,
            "refresh": 86400,
            "expire": 3600000,
            "nxDomainTtl": 300,
            "ttl": DEFAULT_TTL,
        }

    def status(self) -> Row:
        faults = {"errors": [*self.errors], "warnings": [*self.warnings]}
        return {"isDeployed": not any(faults.values()), **faults}


def _in_quotes(target: str) -> str:
    """The text as it is stored: in quotes, which the API adds."""
    if target.startswith('"') and target.endswith('"') and len(target) > 1:
        return target
    if target.replace('\\"', "").count('"') % 2:
        raise bad("Invalid target for a TXT record: unbalanced quotes")
    return f'"{target}"'


def _order(row: Row) -> tuple[str, int, str]:
    first = {"NS": 0, "MX": 1}
    return row["subDomain"], first.get(row["fieldType"], len(first)), row["target"]


def _line(row: Row) -> str:
    kind, target = row["fieldType"], row["target"]
    if kind in TEXTS:
        kind, target = "TXT", _in_strings(target)
    ttl = "" if row["ttl"] in {0, DEFAULT_TTL} else row["ttl"]
    return f"{row['subDomain']:21} {ttl:>4} IN {kind:<6} {target}"


def _in_strings(target: str) -> str:
    """A text that is too long for one string of a zone file, as several (RFC 1035 section 5.1)."""
    text = target[1:-1]
    if len(text) <= LONGEST_STRING:
        return target
    parts = range(0, len(text), LONGEST_STRING)
    strings = [text[at : at + LONGEST_STRING] for at in parts]
    return "( " + " ".join(f'"{each}"' for each in strings) + " )"
