"""Documents of an old hoster, or of another offer, somewhere on the way."""

from tests.real.world import odd_web as odd
from tests.real.world.addresses import ODD
from tests.real.world.case import Fault
from tests.real.world.faults.kinds import OLD_PAGE, WRONG_PAGE, Pro
from tests.real.world.faults.results import LOST, MISLED
from tests.real.world.odd_web import Site, by_path, ours
from tests.real.world.texts import HOSTER, OLD_HOSTER, autodiscover
from tests.support.requests import POX, WELL_KNOWN

OLD_DOCUMENTS = (
    Pro(
        "old-document",
        "an old hoster answers for autoconfig, by https and http",
        sites={"autoconfig": Site(OLD_PAGE)},
        results={"wrong": f"{MISLED} {LOST} delta-chat"},
        open="fairemail",  # which tries the old servers, and then those of Autodiscover
        problems=("wrong-document",),
    ),
    Pro(
        "other-offer",
        "the document names the servers of MX Plan, as many articles have it",
        sites={"autoconfig": Site(WRONG_PAGE)},
        results={"wrong": f"{MISLED} {LOST} delta-chat"},
        open="fairemail",
        problems=("wrong-document",),
    ),
    Pro(
        "old-well-known",
        "the site has an old document, which comes after ours",
        sites={"@": Site(by_path({WELL_KNOWN: OLD_PAGE}))},
        problems=("wrong-document",),
    ),
    Pro(
        "old-well-known-alone",
        "the site has an old document, and there is no name autoconfig",
        sites={"@": Site(by_path({WELL_KNOWN: OLD_PAGE}))},
        without=("autoconfig",),
        results={
            "wrong": f"{MISLED} kmail nextcloud aerc pimalaya delta-chat",
            "nothing": "geary",
        },
        open="fairemail",
        problems=("wrong-document",),
    ),
    Pro(
        "old-by-http",
        "an old hoster still answers by plain http",
        sites={"autoconfig": Site(ours(), http=OLD_PAGE)},
        problems=("http-differs",),
    ),
    Pro(
        "old-in-database",
        "Mozilla's database has an old document of the domain",
        database=OLD_HOSTER,
        results={"wrong": "kmail"},
    ),
    Pro(
        "old-autodiscover",
        "an old hoster answers for autodiscover",
        sites={"autodiscover": Site(by_path({POX: odd.xml_page(autodiscover(*HOSTER))}))},
        results={"wrong": "outlook-older"},
        problems=("wrong-document",),
    ),
    Fault(
        "provider-answers",
        "nothing is published, and an old document stands under the MX's name",
        bare=True,
        without=("autoconfig", "autodiscover"),
        provider={"autoconfig.mail.ovh.net": ODD},
        results={
            "wrong": "thunderbird thunderbird-android nextcloud",
            "nothing": "geary kmail aerc pimalaya delta-chat outlook-older",
        },
    ),
    Fault(
        "address-of-its-own",
        "one address of an MX Plan domain is on Exchange; some programs ask without it",
        boss="exchange-hosted",
        results={
            "wrong": (
                "thunderbird-android evolution geary kmail fairemail-play aerc aerc-debian pimalaya"
            ),
        },
        open="fairemail",
    ),
)
