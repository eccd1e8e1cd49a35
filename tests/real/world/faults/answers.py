"""Answers that are no settings, or odd ones; redirects."""

from tests.real.world import odd_web as odd
from tests.real.world.certificates import Kind
from tests.real.world.faults.kinds import HTML_PAGE, Exchange, Pro, replaces, sends, without
from tests.real.world.faults.results import LOST, MAIL, MISLED, NO_DOCUMENT
from tests.real.world.odd_web import Site, by_path, ours, page, redirect
from tests.real.world.texts import EMPTY
from tests.support.requests import MOZILLA

ANSWERS = (
    *(
        Pro(
            f"media-type-{name}",
            f"our document comes as {media_type}",
            sites={"autoconfig": sends(media_type=media_type)},
            results={"wrong": "thunderbird"},
            problems=("other-media-type",),
        )
        for name, media_type in (
            ("html", "text/html"),
            ("octets", "application/octet-stream"),
            ("capitals", "Text/XML"),
            ("none", None),
        )
    ),
    Pro(
        "media-type-application",
        "our document comes as application/xml: well",
        sites={"autoconfig": sends(media_type="application/xml")},
    ),
    Pro(
        "blank-before-xml",
        "an empty line stands before our document",
        sites={"autoconfig": replaces(b"<?xml", b"\n<?xml", 1)},
        results={"wrong": "thunderbird"},
        open="thunderbird-android geary gnome-online-accounts kmail nextcloud aerc pimalaya",
        problems=("bytes-before-xml",),
    ),
    Pro(
        "byte-order-mark",
        "a byte order mark stands before our document",
        sites={"autoconfig": replaces(b"<?xml", b"\xef\xbb\xbf<?xml", 1)},
        results={"wrong": "evolution"},
        open="thunderbird-android geary gnome-online-accounts kmail nextcloud aerc pimalaya",
        problems=("byte-order-mark",),
    ),
    Pro(
        "no-id",
        "the document has no id",
        sites={"autoconfig": Site(ours(lambda reply: without(reply, b" id=")))},
        results={"wrong": "thunderbird thunderbird-android"},
    ),
    Pro(
        "no-domain-element",
        "the document names no domain",
        sites={"autoconfig": Site(ours(lambda reply: without(reply, b"<domain>")))},
        results={"wrong": "thunderbird thunderbird-android"},
    ),
    Pro(
        "odd-socket",
        "the IMAP server's socketType is TLS, a word that the format does not have",
        sites={"autoconfig": replaces(b"<socketType>SSL<", b"<socketType>TLS<", 1)},
        results={"wrong": "thunderbird-android nextcloud aerc geary gnome-online-accounts"},
        open="evolution pimalaya thunderbird",  # Thunderbird takes POP3 then
    ),
    Pro(
        "oauth-alone",
        "the document has OAuth2 as its only authentication",
        sites={"autoconfig": replaces(b">password-cleartext<", b">OAuth2<")},
        results={"wrong": "thunderbird"},
        open=f"{MAIL.replace('thunderbird ', '')}",
    ),
    Pro(
        "no-outgoing",
        "the document has no SMTP server",
        sites={"autoconfig": Site(ours(lambda reply: without(reply, b"<outgoingServer")))},
        results={"wrong": "thunderbird thunderbird-android"},
        open=f"evolution delta-chat {LOST} gnome-online-accounts fairemail",
    ),
    Pro(
        "empty-document",
        "autoconfig answers with an empty clientConfig",
        sites={"autoconfig": Site(odd.xml_page(EMPTY))},
        results={
            "wrong": "thunderbird thunderbird-android",
            "nothing": f"{LOST} delta-chat evolution gnome-online-accounts",
        },
        problems=("empty-document",),
    ),
    Pro(
        "no-content",
        "autoconfig answers 204",
        sites={"autoconfig": Site(page(204, media_type=None))},
        results={"wrong": MISLED, "nothing": f"{LOST} delta-chat"},
    ),
    Pro(
        "web-page",
        "autoconfig answers with a page",
        sites={"autoconfig": Site(HTML_PAGE)},
        results=NO_DOCUMENT,
        problems=("web-page",),
    ),
    Pro(
        "web-page-by-http",
        "plain http answers with a page, and https has an expired certificate",
        sites={"autoconfig": Site(HTML_PAGE, Kind.EXPIRED)},
        results=NO_DOCUMENT,
    ),
    Pro(
        "login-page",
        "autoconfig redirects to a login page",
        sites={
            "autoconfig": Site(
                by_path({"/login": HTML_PAGE}, redirect("https://{host}/login?to=mail"))
            )
        },
        results=NO_DOCUMENT,
        problems=("web-page",),
    ),
    Pro(
        "site-answers-all",
        "the owner's site answers everything with a page, after ours",
        sites={"@": Site(HTML_PAGE)},
        problems=("web-page",),
    ),
    Exchange(
        "site-answers-all-exchange",
        "the owner's site answers everything with a page, and Exchange programs ask it first",
        sites={"@": Site(HTML_PAGE)},
        results={"right": "thunderbird"},  # the page ends its Autodiscover before it can ask
        problems=("web-page",),
    ),
    Pro(
        "site-alone-answers-all",
        "the owner's site answers everything with a page, and there is no name autoconfig",
        sites={"@": Site(HTML_PAGE)},
        without=("autoconfig",),
        results=NO_DOCUMENT,
    ),
    Pro(
        "site-redirects",
        "the owner's site redirects everything to www: well",
        sites={"@": Site(redirect("https://www.hoster.example/"))},
    ),
    *(
        Pro(
            f"status-{status}",
            f"autoconfig answers {status}",
            sites={"autoconfig": Site(page(status))},
            results=NO_DOCUMENT,
            problems=("error-code" if status < 500 else "error-of-server",),
        )
        for status in (401, 403, 404, 500, 503)
    ),
    Pro(
        "error-with-document",
        "autoconfig answers 404, with a right document",
        sites={"autoconfig": sends(status=404)},
        results={
            "wrong": MISLED,
            "nothing": "kmail nextcloud pimalaya",
        },  # the others read no status
    ),
)


REDIRECTS = (
    Pro(
        "redirect",
        "autoconfig redirects to another path, by an absolute address",
        sites={
            "autoconfig": Site(
                by_path(
                    {MOZILLA: redirect("https://{host}/v1.1{target}")},
                    ours(),
                )
            )
        },
        results={"nothing": "pimalaya"},
    ),
    Pro(
        "redirect-relative",
        "autoconfig redirects to another path, by a relative address",
        sites={"autoconfig": Site(by_path({MOZILLA: redirect("/v1.1{target}")}, ours()))},
        results={"nothing": "pimalaya"},
        problems=("redirect-relative",),
    ),
    Pro(
        "redirect-from-http",
        "plain http redirects to https: well",
        sites={"autoconfig": Site(ours(), http=redirect("https://{host}{target}", 301))},
    ),
    Pro(
        "redirect-to-old-hoster",
        "autoconfig redirects to an old hoster, who has a document",
        sites={"autoconfig": Site(redirect("https://autoconfig.hoster.example{target}"))},
        results={
            "wrong": f"{MISLED} {LOST.replace(' pimalaya', '')} delta-chat",
            "nothing": "pimalaya",
        },
        open="fairemail",
        problems=("wrong-document",),
    ),
    Pro(
        "redirect-loop",
        "autoconfig redirects to itself",
        sites={"autoconfig": Site(redirect("https://{host}{target}"))},
        results=NO_DOCUMENT,
        problems=("redirects-in-a-circle",),
    ),
    Pro(
        "redirect-nowhere",
        "autoconfig redirects to a name that does not exist",
        sites={"autoconfig": Site(redirect("https://gone.hoster.example{target}"))},
        results=NO_DOCUMENT,
        problems=("redirect-nowhere",),
    ),
    Pro(
        "redirect-to-nonsense",
        "autoconfig redirects to what is no address of the web",
        sites={"autoconfig": Site(redirect("http://[bad/"))},
        results=NO_DOCUMENT,
        problems=("bad-redirect",),
    ),
)
