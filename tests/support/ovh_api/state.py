"""A customer's account: the keys to it, what each may do, its zones and its mail services.

It is plain data. A test makes one, adds services by `mail`, and changes what it wants.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from tests.support.ovh_api.zone_store import StoredZone

ALL = tuple((method, "/*") for method in ("GET", "POST", "PUT", "DELETE"))
"""Every right."""
LISTS = ("/email/domain", "/email/mxplan", "/email/pro", "/email/exchange", "/v2/zimbra/platform")
"""What an account without any service has."""


@dataclass
class State:
    """All that the API knows, and how it behaves.

    `rules`: method and path of each right of the consumer key. `actions`: of the service account,
    patterns too. `ahead`: seconds between its clock and ours. `form`: of errors, see `Refusal`.
    `answers`: of mail, by path. `page_size`: the most items of a page of v2. `spellings`: how the
    paths of v2 are written in rules, by what stands before `/zimbra`. `details`: whether
    /auth/details answers.
    """

    application_key: str = "application-key"
    application_secret: str = "application-secret"  # noqa: S105  # it opens nothing
    consumer_key: str = "consumer-key"
    client_id: str = "client-id"
    client_secret: str = "client-secret"  # noqa: S105  # the same
    rules: tuple[tuple[str, str], ...] = ALL
    actions: tuple[str, ...] = ("*",)
    credential: str = "validated"
    ahead: int = 7200
    form: str = "mixed"
    details: bool = True
    page_size: int = 2
    spellings: tuple[str, ...] = ("/v2", "")
    tokens: set[str] = field(default_factory=set)
    token_seconds: int = 3599
    zones: dict[str, StoredZone] = field(default_factory=dict)
    answers: dict[str, Any] = field(default_factory=lambda: {path: [] for path in LISTS})

    def add_zone(self, name: str, text: str, **settings: Any) -> StoredZone:
        """A zone that serves these lines; see `StoredZone.of`."""
        self.zones[name] = StoredZone.of(name, text, **settings)
        return self.zones[name]

    def grant(self, *rules: str) -> None:
        """Let the consumer key do these and nothing else: `GET /email/pro`."""
        self.rules = tuple((method, path) for method, _, path in (r.partition(" ") for r in rules))

    def lacks(self, *paths: str) -> None:
        """These families are unknown in the region."""
        for path in [*self.answers]:
            if any(path == each or path.startswith(f"{each}/") for each in paths):
                del self.answers[path]


def is_granted(rules: Iterable[tuple[str, str]], method: str, paths: Iterable[str]) -> bool:
    """Whether a rule has the method and one of the paths; `*` is any rest, `/` included."""
    return any(
        rule_method == method and re.fullmatch(re.escape(rule).replace(r"\*", ".*"), path)
        for rule_method, rule in rules
        for path in paths
    )
