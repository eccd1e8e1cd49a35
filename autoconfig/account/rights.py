"""The rights that each command needs of a key, and the least that it can do with.

A rule is a method and a path of the API. In the path, `*` stands for any rest, `/` included, but
`/email/pro/*` does not cover `/email/pro` itself. How a path of `/v2` is written in a rule is said
nowhere, so both spellings stand here. A service account has actions of IAM in place of rules.
"""

import re
from collections.abc import Iterable
from typing import Any, NamedTuple


class Rule(NamedTuple):
    """A method that is allowed at a path, or at all that match it."""

    method: str
    path: str

    @classmethod
    def parse(cls, text: str) -> "Rule":
        """Read a rule as it is shown: `GET /email/pro`."""
        method, _, path = text.partition(" ")
        return cls(method, path)

    def covers(self, method: str, path: str) -> bool:
        """Whether the rule allows a call, by either spelling of its path."""
        pattern = re.escape(self.path).replace(r"\*", ".*")
        spellings = (path, path.removeprefix("/v2"))
        return method == self.method and any(re.fullmatch(pattern, each) for each in spellings)

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


class Rights(NamedTuple):
    """All rules of a key."""

    rules: tuple[Rule, ...]

    @classmethod
    def of(cls, details: Any) -> "Rights | None":
        """Read the answer of `GET /auth/details`; None if it names no rules.

        An empty list is none: it would open nothing, and who asks has read the zones by then.
        """
        routes = details.get("allowedRoutes") if isinstance(details, dict) else None
        if not (isinstance(routes, list) and routes):
            return None
        pairs = [
            (each.get("method"), each.get("path")) for each in routes if isinstance(each, dict)
        ]
        return cls(tuple(Rule(str(method), str(path)) for method, path in pairs))

    def allow(self, method: str, path: str) -> bool:
        """Whether one of the rules covers a call."""
        return any(rule.covers(method, path) for rule in self.rules)


class Need(NamedTuple):
    """What a command needs: `rules` of a key, or `actions` of a service account."""

    rules: tuple[Rule, ...]
    actions: tuple[str, ...]

    def joined(self, other: "Need") -> "Need":
        """What both need."""
        return Need(self.rules + other.rules, self.actions + other.actions)


def _need(rules: str, actions: str) -> Need:
    """Both one a line; an action without `:apiovh:`."""
    named = (each.replace(":", ":apiovh:") for each in actions.split())
    return Need(tuple(map(Rule.parse, rules.strip().splitlines())), tuple(named))


READ_SERVICES = _need(
    """\
GET /email/domain
GET /email/domain/*
GET /email/mxplan
GET /email/mxplan/*
GET /email/pro
GET /email/pro/*
GET /email/exchange
GET /email/exchange/*
GET /zimbra/platform
GET /zimbra/platform/*
GET /v2/zimbra/platform
GET /v2/zimbra/platform/*
""",
    """\
emailDomain:get
emailDomain:account/get
emailMxplan:get
emailMxplan:domain/get
emailMxplan:account/get
emailPro:get
emailPro:domain/get
emailPro:account/get
emailExchange:get
emailExchange:service/get
emailExchange:service/domain/get
emailExchange:service/account/get
zimbra:platform/get
zimbra:platform/domain/get
zimbra:platform/account/get
""",
)
"""Of `import`, which changes nothing."""

CHANGE_ZONES = _need(
    """\
GET /domain/zone
GET /domain/zone/*/export
GET /domain/zone/*/record
GET /domain/zone/*/record/*
POST /domain/zone/*/record
PUT /domain/zone/*/record/*
DELETE /domain/zone/*/record/*
POST /domain/zone/*/refresh
""",
    """\
dnsZone:get
dnsZone:export/get
dnsZone:record/get
dnsZone:record/create
dnsZone:record/edit
dnsZone:record/delete
dnsZone:refresh
""",
)
"""Of `dns --apply` and `dns --undo`. Without the last, records are written and never served."""


def lacking(method: str, path: str) -> tuple[Rule, ...]:
    """The rules to add to a key that was refused a call: those of the commands that cover it.

    The path before a `*` is named, too, as it is forgotten most.
    """
    rules = (*READ_SERVICES.rules, *CHANGE_ZONES.rules)
    covering = [rule for rule in rules if rule.covers(method, path)] or [Rule(method, path)]
    return tuple(dict.fromkeys(each for rule in covering for each in _with_bare(rule, rules)))


def _with_bare(rule: Rule, rules: Iterable[Rule]) -> tuple[Rule, ...]:
    bare = Rule(rule.method, rule.path.removesuffix("/*"))
    return (bare, rule) if bare != rule and bare in rules else (rule,)
