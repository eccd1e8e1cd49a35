"""What each mail program comes to: a person's reading of the facts.

The facts are those of `docs/clients.md` and of the sources that it names, and what real programs
did when they were run; no code of the command took part. The programs are named by their ids in
`autoconfig/programs/programs.toml`.
"""

from collections.abc import Mapping

from tests.real.world.case import RESULTS, Fault
from tests.support.services import CATALOGUE

MAIL = (
    "thunderbird thunderbird-android delta-chat evolution geary gnome-online-accounts kmail "
    "nextcloud fairemail fairemail-play aerc aerc-debian pimalaya"
)
EXCHANGE = "exchangelib evolution-ews outlook outlook-older activesync apple-exchange"
NEVER = "new-outlook apple others"


def _table(results: Mapping[str, str]) -> dict[str, str]:
    assert set(results) <= set(RESULTS), results
    return {each: result for result, ids in results.items() for each in ids.split()}


_IMAP = _table({"right": f"{MAIL} outlook-older", "unknown": f"{EXCHANGE} {NEVER}"}) | {
    "outlook-older": "right"
}
_ACTIVESYNC = _IMAP | _table({"right": "activesync apple-exchange"})
_EXCHANGE = _table(
    {
        "right": f"{MAIL} exchangelib evolution-ews activesync apple-exchange",
        "asks": "thunderbird outlook outlook-older",  # Exchange is at another site
        "unknown": NEVER,
    }
)
_OWN_EXCHANGE = _EXCHANGE | _table({"right": "thunderbird outlook outlook-older"})
HEALTHY_RESULTS: Mapping[str, Mapping[str, str]] = {
    "mx-plan": _IMAP,
    "zimbra-starter": _IMAP,
    "zimbra-pro": _ACTIVESYNC,
    "zimbra-business": _ACTIVESYNC,
    "email-pro": _IMAP,
    "exchange-hosted": _EXCHANGE,
    "exchange-private": _OWN_EXCHANGE,
    "exchange-dedicated": _OWN_EXCHANGE,
}
"""By the offer, with all records: by program."""

_BARE = _table({"nothing": "aerc-debian"})  # which asks for SRV records alone
_BARE_OTHERS = _BARE | _table({"wrong": "fairemail-play"})  # its table knows one server of OVHcloud
_BARE_EXCHANGE = _BARE_OTHERS | _table({"nothing": "pimalaya"})  # which does not know the type ews
BARE_RESULTS: Mapping[str, Mapping[str, str]] = {
    "email-pro": _BARE_OTHERS,
    "exchange-hosted": _BARE_EXCHANGE,
}
"""By the offer, what differs without SRV records; `_BARE` else."""


def expected(fault: Fault) -> dict[str, str]:
    """By program, what it comes to; without those of which no fact tells it."""
    base = dict(HEALTHY_RESULTS[fault.boss or fault.offer])
    if fault.bare:
        base |= BARE_RESULTS.get(fault.offer, _BARE)
    found = base | _table(fault.results)
    return {each: result for each, result in found.items() if each not in fault.open.split()}


HEALTHY = tuple(
    Fault(f"{offer.id}-{region}", f"a healthy domain of {offer.name}", offer.id, region)
    for offer in CATALOGUE.offers.values()
    for region in offer.region
)


MISLED = "thunderbird thunderbird-android evolution gnome-online-accounts"
"""Where the domain has no document, these take that of the provider in Mozilla's database."""
LOST = "geary kmail nextcloud aerc pimalaya"
"""These have none then. Delta Chat, FairEmail and Outlook have Autodiscover left."""
NO_DOCUMENT = {"wrong": MISLED, "nothing": LOST}
BY_HTTP = {"asks": "thunderbird-android", "nothing": "geary aerc pimalaya"}
"""The document is there by plain http alone. Delta Chat has Autodiscover left."""
ALL_MAIL_ASKS = f"{MISLED} {LOST} delta-chat fairemail"
"""These ask `autoconfig.` of the domain before they have anything else that is right."""
