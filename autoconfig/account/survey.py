"""The survey of an account: calls that may fail, and what a failure leaves unknown.

Nothing is left out in silence, and what cannot be read stops nothing else.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple, Protocol, TypeVar

from autoconfig.account.client import AccountError, Gone, Refused, Unreachable, Unusable, part
from autoconfig.account.inventory import Held, Inventory, NotRead
from autoconfig.account.shapes import Resource, understood
from autoconfig.names import Domain, parse_domain, require_mail
from autoconfig.offers.catalogue import Catalogue
from autoconfig.problems import InvalidName, printable, quoted

Answer = TypeVar("Answer")

NOT_SET_UP = "configureme.me"
"""The domain of mailboxes that were bought and have no address yet."""

MOST_SILENT = 3
"""Calls in a row without an answer, after which nothing more is asked: each took its patience."""


class Reader(Protocol):
    """What reads an account: `account.client.Account`."""

    @property
    def region(self) -> str: ...  # of its endpoint

    def get(self, path: str, **query: str | int) -> Any: ...

    def pages(self, path: str, **query: str | int) -> Iterator[Any]: ...


class Step(NamedTuple):
    """A domain to be read. `what`: the domain in its service, for people."""

    what: str
    domain: Domain
    read: Callable[[], Held | None]


def called(catalogue: Catalogue, family: str, value: str | None) -> str | None:
    """The offer that the API calls so in a family; None if there is none."""
    offers = family_of(catalogue, family).items()
    return next((offer for offer, values in offers if value in values), None)


def family_of(catalogue: Catalogue, family: str) -> dict[str, tuple[str, ...]]:
    """The offers of a family, and how the API calls each."""
    return {
        offer.id: offer.api.values
        for offer in catalogue.offers.values()
        if offer.api and offer.api.family == family
    }


def once(read: Callable[[], Answer]) -> Callable[[], Answer]:
    """What asks one time, whatever comes of it, and gives that again."""
    answers: list[Answer] = []
    failures: list[AccountError] = []

    def ask() -> Answer:
        if failures:
            raise failures[0]
        if not answers:
            try:
                answers.append(read())
            except AccountError as error:
                failures.append(error)
                raise
        return answers[0]

    return ask


@dataclass(slots=True)
class Survey:
    """What has been read so far. `silent`: the calls in a row that had no answer."""

    account: Reader
    catalogue: Catalogue
    found: Inventory = field(default_factory=Inventory)
    silent: int = 0

    def call(self, read: Callable[[], Answer]) -> Answer:
        """What `read` asks for, unless the API has not answered `MOST_SILENT` times."""
        if self.silent >= MOST_SILENT:
            raise AccountError("not asked for, as the API does not answer any more")
        try:
            answer = read()
        except AccountError as error:
            self.silent = self.silent + 1 if isinstance(error, Unreachable) else 0
            raise
        self.silent = 0
        return answer

    def take(self, step: Step) -> None:
        """Read a domain."""
        held = self._ask(step.what, step.read, domain=step.domain)
        if held:
            self.found.held.append(held)

    def read(self, what: str, path: str, shape: type[Answer]) -> Answer | None:
        """The answer at a path; None if there is none."""
        return self._ask(what, lambda: understood(self.account.get(path), shape))

    def names(self, what: str, path: str, *harmless: type[AccountError]) -> dict[str, str]:
        """The names in a list, and each as a part of a path.

        `harmless`: failures that leave nothing unknown.
        """

        def read() -> dict[str, str]:
            return {name: part(name) for name in understood(self.account.get(path), list[str])}

        return self._ask(what, read, harmless) or {}

    def resources(self, what: str, path: str, *harmless: type[AccountError]) -> dict[str, Resource]:
        """The items of a list of version 2, all pages of it, by their parts of a path."""

        def read() -> dict[str, Resource]:
            items = [understood(item, Resource) for item in self.account.pages(path)]
            return {part(item.id): item for item in items}

        return self._ask(what, read, harmless) or {}

    def tell(self, what: str, reason: str) -> None:
        """Note what is left out."""
        self.found.not_read.append(NotRead(printable(what), printable(reason)))

    def works(self, what: str, state: str | None, *working: str) -> bool:
        """Whether something is in one of the states in which it has mailboxes; else it is told."""
        if state in working:
            return True
        self.tell(what, f"left out, as its state is {quoted(state or '')}")
        return False

    def offer(self, what: str, family: str, value: str | None) -> str | None:
        """The offer that the API calls so; None for one that is not known, which is told."""
        offer = called(self.catalogue, family, value)
        if offer is None:
            self.tell(what, f"left out, as the offer {quoted(value or '')} is not known")
        return offer

    def miss(self, what: str, domain: Domain | None = None) -> None:
        """Note that the domains of a service are not known, or whether it has a domain."""
        if domain:
            self.found.unread.setdefault(domain, what)
        else:
            self.found.incomplete = self.found.incomplete or what

    def step(
        self, service: str, text: str, read: Callable[[str, Domain], Held | None]
    ) -> list[Step]:
        """The step that reads a domain; none if its name is none, which is told."""
        try:
            domain = parse_domain(text)
            require_mail(domain)
        except InvalidName as error:
            self.tell(service, str(error))
            return []
        if domain == NOT_SET_UP:
            return []
        what = f"{service}, {domain}"
        return [Step(what, domain, partial(read, what, domain))]

    def _ask(
        self,
        what: str,
        read: Callable[[], Answer],
        harmless: tuple[type[AccountError], ...] = (),
        domain: Domain | None = None,
    ) -> Answer | None:
        try:
            return self.call(read)
        except Unusable:
            raise
        except AccountError as error:
            self.tell(what, str(error))
            if not isinstance(error, (Gone, *harmless)):
                self.miss(what, domain)
            elif isinstance(error, Refused):
                self.found.refused.append(what)
            return None
