"""What is told of any domain: nothing that strangers write breaks it, or a terminal's line."""

from collections.abc import Mapping
from random import Random

import dns.rdata
from hypothesis import given
from hypothesis import strategies as st

from autoconfig.check.problems.case import MOST_LINES
from autoconfig.check.problems.find import find_problems, questions_for_problems
from autoconfig.check.questions import questions, requests
from autoconfig.check.seen import Answer, Fault, Hop, Named, Question, Seen
from autoconfig.check.verdict import Candidate, Result, Verdict
from autoconfig.check.words.problems import PROBLEMS
from autoconfig.documents.formats import LANGUAGES
from tests.support.cases import AC, DATABASE, NOW, PAGE, PERSON, PROGRAMS, XML, certificate, hop
from tests.support.plans import TARGET
from tests.support.services import CATALOGUE, SERVICES

HOSTILE = "\x1b[31m{names}\n" * 50
OFTEN = 0.8
"""How often anything is known, of one."""
NASTY = (
    hop(),
    hop(body=XML + b"<"),
    hop(404, PAGE, "text/html"),
    hop(body=PAGE),
    hop(302, given_location="http://[", location="http://["),
    hop(media_type=HOSTILE, certificate=certificate(HOSTILE, days=1, issuer=HOSTILE)),
    *(Hop("", fault=each, detail=HOSTILE, certificate=certificate(HOSTILE)) for each in Fault),
    Hop("https://[", fault=Fault.BAD_REDIRECT),
)
RECORDS: Mapping[str, tuple[str, ...]] = {
    "A": ("192.0.2.1",),
    "AAAA": ("2001:db8::1",),
    "CNAME": ("mailconfig.ovh.net.", r"\027\010\123.example.", "."),
    "MX": ("1 mx1.mail.ovh.net.", "0 .", r"1 \027\010.example."),
    "SRV": ("0 0 443 pro1.mail.ovh.net.", "0 0 0 .", r"1 2 465 \027\(\010.example."),
    "CAA": ('0 issue "letsencrypt.org"', '128 odd "\\027\\010{names}"', '0 issue "\\200;"'),
    "NS": ("ns.example.",),
}

SOURCES = ("", AC, DATABASE, "SRV example.fr", "MX example.fr", "https://[")
SERVERS = ((), (Candidate("imap", HOSTILE, 993, "SSL"),))


def _named(question: Question, dice: Random) -> Named:
    written = dice.sample(RECORDS[question[1]], dice.randint(0, 1))
    records = tuple(dns.rdata.from_text("IN", question[1], each) for each in written)
    aliases = dice.choice([(), ("mailconfig.ovh.net",), (HOSTILE,)])
    return Named(records, aliases, records, bool(records), dice.choice(["", "", "", HOSTILE]))


def _seen(dice: Random) -> Seen:
    asked = questions_for_problems(PERSON) | questions(PROGRAMS, PERSON)
    names = {each: _named(each, dice) for each in sorted(asked) if dice.random() < OFTEN}
    urls = sorted(requests(PROGRAMS, PERSON, names))
    return Seen({each: _answers(dice) for each in urls if dice.random() < OFTEN}, names)


def _answers(dice: Random) -> tuple[Answer, ...]:
    families = dice.choice([(), (0,), (4,), (6, 4)])
    return tuple(
        Answer(each, tuple(dice.choices(NASTY, k=dice.randint(1, 2)))) for each in families
    )


@given(st.integers(min_value=0))
def test_problems_are_sentences_on_a_line_whatever_was_seen(seed: int) -> None:
    dice = Random(seed)  # noqa: S311  # no secret
    results = [*Result]
    verdicts = [
        Verdict(each.name, dice.choice(results), dice.choice(SERVERS), dice.choice(SOURCES))
        for each in PROGRAMS
    ]
    service, target = dice.choice([None, *SERVICES.values()]), dice.choice([None, TARGET])
    seen = _seen(dice)
    for each in find_problems(PERSON, service, seen, verdicts, CATALOGUE, target, NOW, PROGRAMS):
        said = [
            PROBLEMS[reason.what][lang].format(**reason.values)
            for reason in (each.what, each.cure)
            for lang in LANGUAGES
        ]
        assert all(line.isprintable() for line in (*said, *each.lines))
        assert len(each.lines) <= MOST_LINES + 1
        assert bool(each.lines) == said[2].endswith(":"), each
