"""Sentences and names that an export ends with, whatever the web space."""

from collections.abc import Iterator, Sequence
from itertools import islice

from autoconfig.config.served import Served
from autoconfig.config.settings import host_of
from autoconfig.names import Domain, certified_names

MOST_LISTED = 100
"""Names: a certificate of Let's Encrypt has no more. Longer lists are read by programs."""


def client_hosts(served: Served, base_url: str | None = None) -> list[str]:
    """The names that clients ask for, each once; last the host of the base URL."""
    names = [name for domain in served.all_domains() for name in certified_names(domain)]
    return list(dict.fromkeys((*names, *filter(None, [host_of(base_url)]))))


def listed(names: Sequence[str]) -> str:
    """The names for a sentence: all of them, or of a long list the beginning."""
    if len(names) > MOST_LISTED:
        return f"{names[0]} and {len(names) - 1} more (`autoconfig names` prints all)"
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last


def for_outlook(served: Served) -> list[Domain]:
    """The domains whose Outlook users need settings from us."""
    return [domain for domain, service in served.domains.items() if not service.autodiscover]


def about_mailboxes(served: Served) -> Iterator[str]:
    """The advice on addresses that have a service of their own."""
    for mailbox, service in islice(served.mailboxes.items(), MOST_LISTED):
        domain = mailbox.rpartition("@")[2]
        yield (
            f"{mailbox}: a file is the same for every address. Run `autoconfig serve` under "
            f"autoconfig.{domain} and autodiscover.{domain}, or export --for apache."
        )
        if service.autodiscover and domain not in served.domains:
            yield (
                f"If all of {domain} is there, write it into `domains` and export again: then "
                f"Outlook needs only the DNS record _autodiscover._tcp SRV 0 0 443 "
                f"{service.host}."
            )
    if len(served.mailboxes) > MOST_LISTED:
        yield f"The same is true of {len(served.mailboxes) - MOST_LISTED} more addresses."
