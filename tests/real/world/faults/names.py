"""Names, records and name servers."""

from tests.real.world.addresses import CLOSED, ODD, Place
from tests.real.world.case import Fault
from tests.real.world.faults.kinds import HTML_PAGE, Exchange, Pro
from tests.real.world.faults.results import ALL_MAIL_ASKS, EXCHANGE, LOST, MAIL, MISLED, NO_DOCUMENT
from tests.real.world.odd_web import Site
from tests.support.zones import BROKEN_SERVER, GOOGLE_MX, Kept

NAMES = (
    Pro(
        "refused",
        "nobody listens at the address of autoconfig",
        places={"autoconfig": CLOSED},
        results=NO_DOCUMENT,
        problems=("port-closed",),
    ),
    Pro(
        "no-such-name",
        "autoconfig has no record",
        without=("autoconfig",),
        results=NO_DOCUMENT,
        problems=("missing-misled",),
    ),
    Pro(
        "no-address",
        "autoconfig has a TXT record alone",
        places={"autoconfig": Place()},
        records='autoconfig IN TXT "to do"\n',
        results=NO_DOCUMENT,
    ),
    Pro(
        "dangling-alias",
        "autoconfig is an alias of a name that does not exist",
        places={"autoconfig": Place()},
        records="autoconfig IN CNAME gone.hoster.example.\n",
        results=NO_DOCUMENT,
        problems=("dead-end",),
    ),
    Pro(
        "left-over-aliases",
        "both names still lead to the provider's old service, which is gone",
        places={"autoconfig": Place(), "autodiscover": Place()},
        records="".join(
            f"{name} IN CNAME mailconfig.ovh.net.\n" for name in ("autoconfig", "autodiscover")
        ),
        results={"wrong": f"{MISLED} fairemail", "nothing": f"{LOST} delta-chat outlook-older"},
        problems=("record-left-over",),
    ),
    Fault(
        "nothing-published",
        "an MX Plan domain has its MX and nothing else",
        bare=True,
        without=("autoconfig", "autodiscover"),
        results={"asks": "thunderbird-android", "nothing": f"{LOST} delta-chat outlook-older"},
    ),
    Pro(
        "nothing-published-pro",
        "an Email Pro domain has its MX and nothing else",
        without=("autoconfig", "autodiscover"),
        results={"wrong": f"{MISLED} fairemail", "nothing": f"{LOST} delta-chat outlook-older"},
        problems=("missing-misled",),
    ),
    Fault(
        "nothing-published-canada",
        "a Canadian domain has its MX and nothing else",
        region="ca",
        bare=True,
        without=("autoconfig", "autodiscover"),
        results={
            "wrong": "evolution",  # which goes by the name server, of ovh.net here
            "nothing": (
                f"thunderbird thunderbird-android gnome-online-accounts {LOST} delta-chat "
                "fairemail fairemail-play outlook-older"
            ),
        },
        problems=("missing-misled",),
    ),
    Pro(
        "wildcard",
        "the names have no record, and *. leads to a site that answers all with a page",
        sites={"autoconfig": Site(HTML_PAGE), "autodiscover": Site(HTML_PAGE)},
        places={"autoconfig": Place(), "autodiscover": Place()},
        records=ODD.records("*"),
        results={"wrong": f"{MISLED} fairemail", "nothing": f"{LOST} delta-chat outlook-older"},
        problems=("wildcard",),
    ),
    Pro(
        "wildcard-beside",
        "*. leads to a site, and the names have records of their own: well",
        sites={"*": Site(HTML_PAGE)},
    ),
    Pro(
        "lame-name",
        "the name servers of autoconfig fail",
        places={"autoconfig": Place()},
        records=f"autoconfig IN NS {BROKEN_SERVER}\n",
        results={"undecided": ALL_MAIL_ASKS},
        problems=("look-up-failed",),
    ),
    Pro(
        "alias-loop",
        "autoconfig and web are aliases of one another",
        places={"autoconfig": Place()},
        records="autoconfig IN CNAME web\nweb IN CNAME autoconfig\n",
        results={"undecided": ALL_MAIL_ASKS},
        problems=("look-up-failed",),
    ),
    Pro(
        "lame-zone",
        "every name server of the domain fails",
        kept=Kept.LAME,
        results={"undecided": f"{MAIL} outlook-older"},
        problems=("look-up-failed",),
    ),
    Pro(
        "silent-zone",
        "no name server of the domain answers",
        kept=Kept.SILENT,
        results={"undecided": f"{MAIL} outlook-older"},
        problems=("look-up-failed",),
    ),
    Pro(
        "no-domain",
        "the domain does not exist",
        kept=Kept.NOWHERE,
        results={"nothing": f"{MAIL} outlook-older"},
    ),
    Pro(
        "mail-elsewhere",
        "the MX lead to another provider, which no program minds that finds the document",
        mx=GOOGLE_MX,
        results={"nothing": "fairemail-play"},
        problems=("drift-mail-elsewhere",),
    ),
    Pro(
        "signed",
        "the zone is signed: well",
        kept=Kept.SIGNED,
    ),
    Pro(
        "forged",
        "the zone is signed, and has other MX than those: the resolver refuses them",
        kept=Kept.FORGED,
        open="fairemail fairemail-play",
        problems=("look-up-failed",),
    ),
    Pro(
        "caa",
        "CAA permits another issuer than that of the certificate",
        records='@ IN CAA 0 issue "digicert.com"\n',
        problems=("caa-forbids",),
    ),
    Pro(
        "unicode",
        "the domain has letters that are not ASCII: well",
        name="xn--exmple-cua.example",
    ),
    Fault(
        "below-ovh",
        "FairEmail's own table has every domain below .ovh, whatever it is",
        offer="email-pro",
        name="w-email-pro.ovh",
        results={"wrong": "fairemail fairemail-play"},
    ),
)


SRV = (
    Fault(
        "old-srv",
        "SRV records of an old MX Plan zone are left in one of Email Pro",
        offer="email-pro",
        bare=True,
        records=(
            "_imaps._tcp IN SRV 0 0 993 ssl0.ovh.net.\n"
            "_submission._tcp IN SRV 0 0 465 ssl0.ovh.net.\n"
            "_autodiscover._tcp IN SRV 0 0 443 mailconfig.ovh.net.\n"
        ),
        results={"wrong": "aerc aerc-debian"},
        problems=("record-left-over", "record-other-offer"),
    ),
    Fault(
        "submission-465",
        "the record for STARTTLS names port 465, as OVHcloud's default does",
        bare=True,
        records=(
            "_imaps._tcp IN SRV 0 0 993 ssl0.ovh.net.\n"
            "_submission._tcp IN SRV 0 0 465 ssl0.ovh.net.\n"
        ),
        results={"wrong": "aerc aerc-debian"},
    ),
    Fault(
        "srv-elsewhere",
        "SRV records lead to an old hoster",
        without=("_imaps._tcp", "_submission._tcp"),
        records=(
            "_imaps._tcp IN SRV 0 0 993 imap.hoster.example.\n"
            "_submission._tcp IN SRV 0 0 587 smtp.hoster.example.\n"
        ),
        results={"wrong": "aerc aerc-debian"},
        problems=("record-not-of-service",),
    ),
    Exchange(
        "srv-alone",
        "Exchange has the SRV record, and no name autodiscover",
        without=("autodiscover",),
    ),
    Exchange(
        "no-autodiscover",
        "Exchange has neither the SRV record nor the name autodiscover",
        without=("autodiscover", "_autodiscover._tcp"),
        results={
            "right": "thunderbird",
            "nothing": "exchangelib evolution-ews outlook outlook-older activesync apple-exchange",
        },
    ),
    Exchange(
        "srv-of-another-server",
        "the SRV record names another Exchange server, and there is no name autodiscover",
        without=("autodiscover", "_autodiscover._tcp"),
        records="_autodiscover._tcp IN SRV 0 0 443 ex5.mail.ovh.net.\n",
        open=EXCHANGE,  # the other server refuses the password, and so leads to nothing
        problems=("drift-other-service",),
    ),
)
