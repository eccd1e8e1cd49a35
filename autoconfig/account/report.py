"""An import, told: the configuration as text, and JSON for programs."""

import json
from collections.abc import Iterable, Sequence

import msgspec

from autoconfig.account.choice import Choice, Unsure
from autoconfig.account.inventory import NotRead
from autoconfig.account.words import REASONS, REFUSED
from autoconfig.config.written import comment, commented, configuration, table
from autoconfig.problems import printable


def for_people(choice: Choice, refused: Sequence[str], language: str) -> str:
    """The configuration. What is not decided is a comment at its end.

    `refused`: the families that nobody could read, of which a comment at its beginning warns.
    """
    warning = comment(REFUSED[language].format(families=", ".join(refused))) if refused else ""
    decided = configuration(choice.services, None) if choice.services else ""
    undecided = [remark(each, choice.region, language) for each in choice.unsure]
    return "\n\n".join(filter(None, (decided and warning, decided, *undecided)))


def for_programs(choice: Choice, not_read: Iterable[NotRead], language: str) -> str:
    """JSON: the services as a configuration holds them, and the rest with its reasons."""
    services = [
        {key: value for key, value in msgspec.to_builtins(each).items() if key in _IN_JSON}
        for each in choice.services
    ]
    unsure = [
        {
            "domain": domain,
            "offers": [*dict.fromkeys(sold.offer for sold in each.sold)],
            "reason": reason(each, language),
        }
        for each in choice.unsure
        for domain in each.domains
    ]
    told = {"services": services, "unsure": unsure, "not_read": [n._asdict() for n in not_read]}
    return json.dumps(told, indent=2, ensure_ascii=False)


_IN_JSON = ("offer", "region", "server", "domains", "addresses")


def reason(unsure: Unsure, language: str) -> str:
    """The sentences that say why."""
    words = REASONS[unsure.doubt.reason][language]
    return printable(words.format(**dict(unsure.doubt.details)))


def remark(unsure: Unsure, region: str, language: str) -> str:
    """The reason, and the tables that the domains may be in, out of use."""
    tables = [table(sold.table(region, unsure.domains)) for sold in unsure.sold]
    return "\n".join((comment(reason(unsure, language)), "\n#\n".join(map(commented, tables))))
