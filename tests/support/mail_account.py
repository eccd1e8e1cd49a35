"""An account with a service of each kind, and a reader of it that needs no server."""

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from typing import Any

from autoconfig.account.choice import Choice, choose
from autoconfig.account.client import Absent
from autoconfig.account.inventory import Inventory
from autoconfig.account.services import read_services
from tests.support.ovh_api import State, ZimbraDomain, attached, mail
from tests.support.services import CATALOGUE, service_of

PRO = service_of("email-pro", server="pro1").host or ""
EXCHANGE = service_of("exchange-hosted", server="ex4").host or ""


def whole_account() -> State:
    """Every family and kind of host, domains in two offers, in two levels, and in one."""
    state = State()
    mail.old_mx_plan(state, "old.example", "info")
    mail.old_mx_plan(state, "two.example", "info", "boss")
    mail.old_mx_plan(state, "part.example", "info")
    mail.old_mx_plan(state, "moved.example", migratedMXPlanServiceName="mxplan-1")
    mail.mx_plan(state, "mxplan-1", "moved.example", hostname="anything.example")
    mail.email_pro(
        state,
        "emailpro-1",
        attached("two.example", "boss@two.example", "free@configureme.me"),
        attached("part.example", "pro@part.example", type="nonAuthoritative"),
        "xn--caf-dma.example",
        hostname=f"{PRO.upper()}.",
    )
    srv = f"_autodiscover._tcp IN SRV 0 0 443 {EXCHANGE}."
    domain = attached("exchange.example", expectedAutodiscoverSRV=srv)
    mail.exchange(state, "org-1", "hosted-1", domain)
    private = "https://mail.corp.example/owa"
    mail.exchange(state, "org-2", "private-1", "corp.example", offer="dedicated", webUrl=private)
    boxes = {"a@zimbra.example": "PRO", "b@zimbra.example": "PRO", "c@zimbra.example": "STARTER"}
    mail.zimbra(
        state,
        ZimbraDomain("zimbra.example", boxes),
        ZimbraDomain("starter.example", {"a@starter.example": "STARTER"}),
    )
    return state


TRUTH = {
    "old.example": ("mx-plan", None),
    "two.example": ("email-pro", PRO),
    "info@two.example": ("mx-plan", None),
    "part.example": ("mx-plan", None),
    "pro@part.example": ("email-pro", PRO),
    "moved.example": ("mx-plan", None),
    "xn--caf-dma.example": ("email-pro", PRO),
    "exchange.example": ("exchange-hosted", EXCHANGE),
    "corp.example": ("exchange-private", "mail.corp.example"),
    "zimbra.example": ("zimbra-pro", None),
    "c@zimbra.example": ("zimbra-starter", None),
    "starter.example": ("zimbra-starter", None),
}
"""The offer and the server of each name in `whole_account`.

`boss@two.example` has been left over in MX Plan, since Email Pro has the domain.
"""

IN_TWO_OFFERS = {"two.example", "info@two.example", "part.example", "pro@part.example"}
"""Those that depend on two services."""


class Answers:
    """Reads the answers of a `State`. `fault`: what is raised in place of an answer, by path."""

    def __init__(
        self,
        state: State,
        region: str = "eu",
        fault: Callable[[str], Exception | None] = lambda path: None,
    ) -> None:
        self.region = region
        self.calls: list[str] = []
        self._answers = state.answers
        self._fault = fault

    def get(self, path: str, **query: str | int) -> Any:
        self.calls.append(path)
        fault = self._fault(path)
        if fault:
            raise fault
        if path not in self._answers:
            raise Absent(f"GET {path} is not there")
        return self._answers[path]

    def pages(self, path: str, **query: str | int) -> Iterator[Any]:
        wanted = query.get("domainId")
        for item in self.get(path):
            if wanted is None or wanted == item["currentState"]["domainId"]:
                yield item


def read(account: Answers) -> tuple[Inventory, Choice]:
    """All of the account, and the choice."""
    found = read_services(account, CATALOGUE, lambda count: nullcontext(lambda steps: None))
    return found, choose(found, account.region)


def names(choice: Choice) -> dict[str, tuple[str, str | None]]:
    """The offer and the server of each name that is decided."""
    return {
        name: (service.offer, service.server)
        for service in choice.services
        for name in (*service.domains, *service.addresses)
    }
