"""Sentences and names that an export ends with, whatever the web space."""

from collections.abc import Iterator

from autoconfig.config.served import Served
from autoconfig.names import Domain


def client_hosts(served: Served) -> tuple[str, str]:
    """The first two names that a client asks for."""
    domain = next(iter((*served.domains, *sorted(served.mailbox_domains))))
    return f"autoconfig.{domain}", f"autodiscover.{domain}"


def first_for_outlook(served: Served) -> Domain | None:
    """A domain whose Outlook users need settings from us."""
    rows = served.domains.items()
    return next((domain for domain, service in rows if not service.autodiscover), None)


def about_mailboxes(served: Served) -> Iterator[str]:
    """The advice on addresses that have a service of their own."""
    for mailbox, service in served.mailboxes.items():
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
