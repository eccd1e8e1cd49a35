"""The account at OVHcloud that the documents tell of: its mail, and the zones of its domains."""

from autoconfig.offers.catalogue import load_catalogue
from tests.support.ovh_api import State, mail
from tests.support.services import service_of

SHARED_MX = "@ IN MX {mx.preference} {mx.host}.\n"
OF_EMAIL_PRO = "_autodiscover._tcp IN SRV 0 0 443 {pro}.\n"
LEFT_OVER = """\
autoconfig IN CNAME mailconfig.ovh.net.
autodiscover IN CNAME mailconfig.ovh.net.
_autodiscover._tcp IN SRV 0 0 443 mailconfig.ovh.net.
www IN A 192.0.2.80
"""
ZONES = {
    "example.fr": SHARED_MX + OF_EMAIL_PRO,
    "exemple.fr": SHARED_MX + OF_EMAIL_PRO,
    "client-one.example": SHARED_MX,
    "example.com": SHARED_MX + LEFT_OVER,
}
"""Without values of the offers, which the data alone have."""


def documented() -> State:
    """The account, as it is before the first command of a document."""
    mx = load_catalogue().offers["mx-plan"].regions["eu"].dns.mx[0]
    pro = service_of("email-pro", server="pro1").host
    state = State()
    for name, text in ZONES.items():
        state.add_zone(name, text.format(mx=mx, pro=pro))
    added = mail.attached("client-one.example", type="nonAuthoritative", mxIsValid=False)
    mail.email_pro(state, "emailpro-ab12345-1", "example.fr", "exemple.fr", added, hostname=pro)
    mail.old_mx_plan(state, "example.com")
    mail.old_mx_plan(state, "client-one.example", isMXValid="invalid")
    return state
