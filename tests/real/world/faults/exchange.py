"""Autodiscover of an Exchange domain."""

from tests.real.world import odd_web as odd
from tests.real.world.addresses import NO_CERTIFICATE
from tests.real.world.faults.kinds import HTML_PAGE, Exchange, Pro
from tests.real.world.faults.results import EXCHANGE
from tests.real.world.odd_web import NOT_FOUND, Site, by_path, redirect
from tests.real.world.texts import ERROR, HOSTER, autodiscover, redirect_url
from tests.support.requests import POX

EXCHANGE_FAULTS = (
    Pro(
        "autodiscover-by-http",
        "autodiscover has no certificate, and plain http redirects to the name of an agency",
        places={"autodiscover": NO_CERTIFICATE},
        results={"asks": "thunderbird outlook-older"},
        problems=("tls-fails",),
    ),
    Exchange(
        "autodiscover-error",
        "autodiscover answers 200 with an error",
        sites={"autodiscover": Site(by_path({POX: odd.xml_page(ERROR)}))},
        results={"right": "thunderbird", "nothing": "exchangelib"},  # the end for both
        open="outlook outlook-older",
    ),
    Exchange(
        "autodiscover-page",
        "autodiscover answers with a page",
        sites={"autodiscover": Site(HTML_PAGE)},
        results={"right": "thunderbird"},
        problems=("web-page",),
    ),
    Exchange(
        "autodiscover-redirect-url",
        "autodiscover answers with the element RedirectUrl in place of a redirect",
        sites={
            "autodiscover": Site(
                by_path(
                    {
                        POX: odd.xml_page(
                            redirect_url("https://ex4.mail.ovh.net/autodiscover/autodiscover.xml")
                        )
                    }
                )
            )
        },
        results={"right": "thunderbird"},
        open="exchangelib evolution-ews activesync apple-exchange outlook outlook-older",
    ),
    Exchange(
        "autodiscover-mail-settings",
        "autodiscover answers with settings of mail, as a panel does",
        sites={"autodiscover": Site(by_path({POX: odd.xml_page(autodiscover(*HOSTER))}))},
        results={"right": "thunderbird", "wrong": "outlook-older"},
        open="exchangelib outlook",
    ),
    Exchange(
        "autodiscover-elsewhere",
        "autodiscover redirects to an Exchange server of an old hoster",
        sites={"autodiscover": Site(redirect("https://www.hoster.example" + POX))},
        open="outlook outlook-older activesync apple-exchange",  # the others pass over a refusal
        problems=("password-elsewhere",),
    ),
    Exchange(
        "autodiscover-404",
        "autodiscover answers 404; the SRV record is left",
        sites={"autodiscover": Site(NOT_FOUND)},
    ),
    Exchange(
        "site-hangs-exchange",
        "the owner's site never answers, and Exchange programs ask it first",
        sites={"@": Site(odd.hang)},
        results={
            "undecided": f"{EXCHANGE} pimalaya"  # which passes over the document
        },
        problems=("no-answer",),
    ),
)
