"""What programs make of one answer: which servers they take, or why none, and whether they go on.

What Thunderbird makes of these documents was seen by handing them to the modules of the real
Thunderbird 153, and which ones Evolution can parse by handing them to the real GLib.
"""

from typing import NamedTuple

import pytest

from autoconfig.check.play import Found, play
from autoconfig.check.seen import Hop
from autoconfig.check.words.verdicts import VERDICTS
from autoconfig.programs.model import Program
from tests.support.readable import (
    DECLARED,
    EWS,
    IMAP,
    POP3,
    SMTP,
    document,
    server,
)
from tests.support.services import CATALOGUE
from tests.support.sights import PERSON, PROGRAMS, XML, page, see, web_of

NEXT = "next.example.net"
"""The host of the servers in the answer that a program gets if it goes on."""
THUNDERBIRD = PROGRAMS["thunderbird"]
ANDROID, DELTA = PROGRAMS["thunderbird-android"], PROGRAMS["delta-chat"]
EVOLUTION, KMAIL, NEXTCLOUD = PROGRAMS["evolution"], PROGRAMS["kmail"], PROGRAMS["nextcloud"]
PAGE = "<!DOCTYPE html><html><head><meta charset=utf-8></head><body>Welcome</body></html>"


def _said(found: Found) -> None:
    """Every reason is a sentence in both languages."""
    for reason in (*found.notes, *found.asks, *found.undecided):
        for words in VERDICTS[reason.what].values():
            assert "{" not in words.format(**reason.values)


def _plays(program: Program, first: Hop, second: Hop) -> Found:
    """What it finds if the first URL that it asks has one answer, and the next has another."""
    https = "https://autoconfig.example.com/mail"
    web = {https: first, "https://example.com/.well-known/autoconfig/": second}
    if program is KMAIL:
        web = {https: first, "http://autoconfig.example.com/mail": second}
    found = play(program, PERSON, see(PERSON, web_of(web)), CATALOGUE)
    _said(found)
    return found


def _outcome(program: Program, answer: Hop) -> str:
    """`takes` and the hosts, `ends`, or `goes on`."""
    good = page(document(server("imap", hostname=NEXT) + server("smtp", hostname=NEXT)))
    found = _plays(program, answer, good)
    hosts = [each.host for each in found.servers]
    if NEXT in hosts:
        return "goes on"
    return f"takes {' '.join(hosts)}" if hosts else "ends"


SENDS = "takes smtp.example.net"
TAKES = "takes imap.example.net smtp.example.net"
TAKES_ALL = "takes imap.example.net pop3.example.net smtp.example.net"


class Odd(NamedTuple):
    """An answer, and what comes of it in Thunderbird, Thunderbird for Android and Delta Chat."""

    answer: Hop
    thunderbird: str
    android: str
    delta_chat: str


ANSWERS = {
    "good": Odd(page(document()), TAKES_ALL, TAKES, TAKES),
    "application/xml": Odd(page(document(), "application/xml"), TAKES_ALL, TAKES, TAKES),
    "text/html": Odd(page(document(), "text/html"), "ends", TAKES, TAKES),
    "capitals in the media type": Odd(page(document(), "Text/XML"), "ends", TAKES, TAKES),
    "no media type": Odd(page(document(), ""), "ends", TAKES, TAKES),
    "web page": Odd(page(PAGE, "text/html"), "ends", "goes on", "goes on"),
    "web page as XML": Odd(page(PAGE), "ends", "goes on", "goes on"),
    "ampersand in a page": Odd(
        page("<html><p>A & B</p></html>", "text/html"), "ends", "goes on", "goes on"
    ),
    "XHTML page": Odd(page("<html><p>Hi</p></html>", "text/html"), "ends", "goes on", "ends"),
    "text": Odd(page("Not found", "text/plain"), "ends", "goes on", "ends"),
    "JSON": Odd(page('{"error": 1}', "application/json"), "ends", "goes on", "ends"),
    "empty": Odd(page(""), "goes on", "goes on", "ends"),
    "204": Odd(page("", "", 204), "ends", "goes on", "ends"),
    "201": Odd(page(document(), XML, 201), TAKES_ALL, TAKES, TAKES),
    "404 with the document": Odd(page(document(), XML, 404), *["goes on"] * 3),
    "500": Odd(page("", "text/plain", 500), *["goes on"] * 3),
    "empty clientConfig": Odd(page(DECLARED + "<clientConfig/>"), "ends", "goes on", "ends"),
    "no servers": Odd(page(document("")), "ends", "goes on", "ends"),
    "broken at the end": Odd(page(document()[:-9]), "ends", "goes on", "goes on"),
    "ends early": Odd(page(document().partition("</emailProvider>")[0]), "ends", "goes on", TAKES),
    "wrong end tag": Odd(
        page(document().replace("</username>", "</user>")), "ends", "goes on", "goes on"
    ),
    "end tag of nothing": Odd(page(document() + "</a>"), "ends", "goes on", "goes on"),
    "blank line first": Odd(page("\n" + document()), "ends", "goes on", TAKES),
    "no declaration": Odd(page(document(declared="")), TAKES_ALL, TAKES, TAKES),
    "byte order mark": Odd(page("\ufeff" + document()), TAKES_ALL, TAKES, TAKES),
    "document type": Odd(
        page(document(declared=DECLARED + "<!DOCTYPE clientConfig>")), TAKES_ALL, TAKES, TAKES
    ),
    "comment": Odd(page(document("<!-- </x> -->" + IMAP + SMTP)), TAKES, TAKES, TAKES),
    "CDATA": Odd(
        page(document(server("imap", hostname="<![CDATA[imap.example.net]]>") + SMTP)),
        TAKES,
        TAKES,
        SENDS,
    ),
    "empty element": Odd(page(document("<instructions/>" + IMAP + SMTP)), TAKES, TAKES, TAKES),
    "processing instruction": Odd(page(document("<?x y?>" + IMAP + SMTP)), TAKES, TAKES, TAKES),
    "entity": Odd(page(document("&nbsp;" + IMAP + SMTP)), "ends", "goes on", TAKES),
    "namespace": Odd(page(document(namespace=' xmlns="urn:x"')), TAKES_ALL, TAKES, TAKES),
    "prefix": Odd(
        page(document(root="a:clientConfig", namespace=' xmlns:a="urn:x"')),
        "ends",
        "goes on",
        TAKES,
    ),
    "no id": Odd(page(document(identity="")), "ends", "goes on", TAKES),
    "id with a space": Odd(page(document(identity=' id="my mail"')), "ends", "goes on", TAKES),
    "id placeholder": Odd(page(document(identity=' id="%EMAILDOMAIN%"')), TAKES_ALL, TAKES, TAKES),
    "no domain": Odd(page(document(domains="")), "ends", "goes on", TAKES),
    "other domain": Odd(
        page(document(domains="<domain>example.org</domain>")), TAKES_ALL, TAKES, TAKES
    ),
    "one domain odd": Odd(
        page(document(domains="<domain>a b</domain><domain>a.org</domain>")),
        TAKES_ALL,
        TAKES,
        TAKES,
    ),
    "no SMTP": Odd(page(document(IMAP)), "ends", "goes on", "takes imap.example.net"),
    "no IMAP": Odd(
        page(document(POP3 + SMTP)), "takes pop3.example.net smtp.example.net", "goes on", SENDS
    ),
    "type TLS": Odd(
        page(document(server("imap", socketType="TLS") + SMTP)), "ends", "goes on", TAKES
    ),
    "type ssl": Odd(
        page(document(server("imap", socketType="ssl") + SMTP)), "ends", "goes on", TAKES
    ),
    "no type": Odd(
        page(document(server("imap", socketType=None) + SMTP)), "ends", "goes on", TAKES
    ),
    "one of two odd": Odd(
        page(document(server("smtp", hostname="old.example.net", socketType="TLS") + IMAP + SMTP)),
        TAKES,
        "goes on",
        "takes imap.example.net old.example.net smtp.example.net",
    ),
    "plain": Odd(
        page(document(server("imap", port="143", socketType="plain") + SMTP)),
        TAKES,
        "goes on",
        TAKES,
    ),
    "newline in the type": Odd(
        page(document(server("imap", socketType="\n SSL ") + SMTP)), "ends", "goes on", TAKES
    ),
    "newline in the host": Odd(
        page(document(server("imap", hostname="\n imap.example.net ") + SMTP)), TAKES, TAKES, TAKES
    ),
    "no host": Odd(page(document(server("imap", hostname=None) + SMTP)), "ends", "goes on", SENDS),
    "host with a space": Odd(
        page(document(server("imap", hostname="a b") + SMTP)), "ends", "goes on", SENDS
    ),
    "IP address": Odd(
        page(document(server("imap", hostname="192.0.2.1") + SMTP)),
        *["takes 192.0.2.1 smtp.example.net"] * 3,
    ),
    "host of one label": Odd(
        page(document(server("imap", hostname="localhost") + SMTP)),
        *["takes localhost smtp.example.net"] * 3,
    ),
    "host in capitals": Odd(
        page(document(server("imap", hostname="IMAP.Example.NET") + SMTP)), TAKES, TAKES, TAKES
    ),
    "host with a placeholder": Odd(
        page(document(server("imap", hostname="imap.%EMAILDOMAIN%") + SMTP)),
        *["takes imap.example.com smtp.example.net"] * 3,
    ),
    "port 70000": Odd(
        page(document(server("imap", port="70000") + SMTP)), "ends", "goes on", SENDS
    ),
    "port 0": Odd(page(document(server("imap", port="0") + SMTP)), "ends", "goes on", SENDS),
    "port imaps": Odd(
        page(document(server("imap", port="imaps") + SMTP)), "ends", "goes on", SENDS
    ),
    "OAuth2 alone": Odd(
        page(document(server("imap", authentication="OAuth2") + SMTP)), "ends", "goes on", TAKES
    ),
    "no way to log in": Odd(
        page(document(server("imap", authentication=None) + SMTP)), "ends", "goes on", TAKES
    ),
    "other attribute": Odd(
        page(document(server("imap", attributes=' x="1"') + SMTP)), TAKES, TAKES, TAKES
    ),
    "other type": Odd(page(document(server("jmap") + IMAP + SMTP)), TAKES, TAKES, TAKES),
    "SMTP among incoming servers": Odd(
        page(document(IMAP + server("smtp", tag="incomingServer"))), "ends", "goes on", TAKES
    ),
    "two providers": Odd(
        page(document(IMAP + SMTP + f'</emailProvider><emailProvider id="a.org">{POP3}')),
        TAKES,
        TAKES,
        TAKES,
    ),
    "Exchange": Odd(
        page(document(IMAP + EWS + SMTP)),
        "takes imap.example.net smtp.example.net ews.example.net",
        TAKES,
        TAKES,
    ),
    "Exchange by Basic alone": Odd(
        page(document(IMAP + EWS.replace("NTLM", "Basic") + SMTP)), TAKES, TAKES, TAKES
    ),
    "Exchange without a URL": Odd(
        page(document(IMAP + EWS.replace("https://", "https://[") + SMTP)), TAKES, TAKES, TAKES
    ),
}


@pytest.mark.parametrize("odd", ANSWERS.values(), ids=ANSWERS)
def test_thunderbird_and_delta_chat_make_of_an_answer_what_they_do(odd: Odd) -> None:
    assert _outcome(THUNDERBIRD, odd.answer) == odd.thunderbird
    assert _outcome(ANDROID, odd.answer) == odd.android
    assert _outcome(DELTA, odd.answer) == odd.delta_chat


def _servers(program: Program, servers: str) -> list[tuple[str, ...]]:
    """What the program takes of a document's servers, in short."""
    found = _plays(program, page(document(servers)), page("", status=404))
    return [
        (each.protocol, each.host, str(each.port), each.socket, each.username)
        for each in found.servers
    ]


def _taken(
    kind: str, host: str = "", port: str = "", socket: str = "SSL", user: str = ""
) -> tuple[str, ...]:
    port = port or {"imap": "993", "pop3": "995", "smtp": "465"}[kind]
    return (kind, host or f"{kind}.example.net", port, socket, user or "alice@example.com")


TWO_SMTP = SMTP + server("smtp", port="587", socketType="STARTTLS")
SECOND = _taken("smtp", port="587", socket="STARTTLS")
CHOICES = {
    "Thunderbird takes the first": (
        "thunderbird",
        IMAP + TWO_SMTP,
        [_taken("imap"), _taken("smtp")],
    ),
    "Delta Chat takes all": (
        "delta-chat",
        IMAP + TWO_SMTP,
        [_taken("imap"), _taken("smtp"), SECOND],
    ),
    "Evolution takes the last": ("evolution", IMAP + TWO_SMTP, [_taken("imap"), SECOND]),
    "aerc takes the last for sending": (
        "aerc",
        IMAP + server("imap", hostname="b.example.net") + TWO_SMTP,
        [_taken("imap"), SECOND],
    ),
    "Geary takes the foremost": ("geary", IMAP + POP3 + TWO_SMTP, [_taken("imap"), _taken("smtp")]),
    "Geary finds nothing behind POP3": ("geary", POP3 + IMAP + SMTP, []),
    "Pimalaya refuses another type": ("pimalaya", IMAP + EWS + SMTP, []),
    "Evolution refuses another attribute": (
        "evolution",
        server("imap", attributes=' x="1"') + SMTP,
        [],
    ),
    "Nextcloud reads TLS as STARTTLS": (
        "nextcloud",
        server("imap", socketType="TLS") + SMTP,
        [_taken("imap", socket="STARTTLS"), _taken("smtp")],
    ),
    "and another word as nothing": (
        "nextcloud",
        server("imap", socketType="tls1.3") + SMTP,
        [_taken("imap", socket="plain"), _taken("smtp")],
    ),
    "Geary takes the address for the user name": (
        "geary",
        server("imap", username="%EMAILLOCALPART%") + server("smtp", username=None),
        [_taken("imap"), _taken("smtp")],
    ),
    "Thunderbird knows NTLM": (
        "thunderbird",
        server("imap", authentication="NTLM") + SMTP,
        [_taken("imap"), _taken("smtp")],
    ),
    "K-9 does not": ("thunderbird-android", server("imap", authentication="NTLM") + SMTP, []),
    "Nextcloud reads ssl": (
        "nextcloud",
        server("imap", socketType="ssl") + SMTP,
        [_taken("imap"), _taken("smtp")],
    ),
    "aerc takes TLS for STARTTLS": (
        "aerc",
        server("imap", socketType="TLS") + SMTP,
        [_taken("imap", socket="STARTTLS"), _taken("smtp")],
    ),
    "Delta Chat goes by the port": (
        "delta-chat",
        server("imap", port="143", socketType="TLS") + SMTP,
        [_taken("imap", port="143", socket="STARTTLS"), _taken("smtp")],
    ),
    "a local part": (
        "thunderbird",
        server("imap", username="%EMAILLOCALPART%") + SMTP,
        [_taken("imap", user="alice"), _taken("smtp")],
    ),
    "a newline in the user name": (
        "thunderbird",
        server("imap", username="\n%EMAILADDRESS%") + SMTP,
        [_taken("imap", user="\nalice@example.com"), _taken("smtp")],
    ),
    "no user name in Thunderbird": (
        "thunderbird",
        server("imap", username=None) + SMTP,
        [_taken("imap", user="undefined"), _taken("smtp")],
    ),
    "type in capitals in Delta Chat": (
        "delta-chat",
        IMAP.replace('"imap"', '"IMAP"') + SMTP,
        [_taken("imap"), _taken("smtp")],
    ),
    "a domain that Evolution leaves out": (
        "evolution",
        server("imap", username="%EMAILLOCALPART%@%EMAILDOMAIN%") + SMTP,
        [_taken("imap", user="alice@"), _taken("smtp")],
    ),
    "a newline in the host in Evolution": (
        "evolution",
        server("imap", hostname="\nimap.example.net") + SMTP,
        [_taken("smtp")],
    ),
    "no user name in Delta Chat": (
        "delta-chat",
        server("imap", username=None) + SMTP,
        [_taken("smtp")],
    ),
}


@pytest.mark.parametrize(("program", "servers", "taken"), CHOICES.values(), ids=CHOICES)
def test_a_program_takes_the_servers_that_it_does(
    program: str, servers: str, taken: list[tuple[str, ...]]
) -> None:
    assert _servers(PROGRAMS[program], servers) == taken


KMAIL_ENDS = {"page": page(PAGE, "text/html"), "nothing": page("", "text/plain")}


@pytest.mark.parametrize("answer", KMAIL_ENDS.values(), ids=KMAIL_ENDS)
def test_kmail_ends_at_any_success(answer: Hop) -> None:
    assert _plays(KMAIL, answer, page(document())).servers == ()


EVOLUTION_READS = {
    "blank line first": (page("\n" + document()), "takes"),
    "byte order mark": (page("\ufeff" + document()), "goes on"),
    "web page": (page(PAGE, "text/html"), "goes on"),
    "text": (page("Not found", "text/plain"), "goes on"),
    "XHTML page": (page("<html><p>Hi</p></html>", "text/html"), "ends"),
    "attribute": (page(document(server("imap", attributes=' x="1"') + SMTP)), "goes on"),
    "entity": (
        page(document("&x;", declared=DECLARED + '<!DOCTYPE c [<!ENTITY x "y">]>')),
        "goes on",
    ),
    "CDATA alone": (page(document("<![CDATA[" + IMAP + "]]>")), "ends"),
}


@pytest.mark.parametrize(("answer", "outcome"), EVOLUTION_READS.values(), ids=EVOLUTION_READS)
def test_evolution_ends_at_what_its_parser_reads(answer: Hop, outcome: str) -> None:
    http = "http://autoconfig.example.com/mail"
    good = page(document(server("imap", hostname=NEXT) + server("smtp", hostname=NEXT)))
    web = web_of({"https://autoconfig.example.com/mail": answer, http: good})
    found = play(EVOLUTION, PERSON, see(PERSON, web), CATALOGUE)
    hosts = {each.host for each in found.servers}
    assert outcome == ("goes on" if NEXT in hosts else "takes" if hosts else "ends")
