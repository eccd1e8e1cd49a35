"""Names: each question once, and nothing taken for absent that is not."""

import asyncio

import dns.rcode
import pytest

from autoconfig.check import names
from autoconfig.check.names import Names
from autoconfig.check.seen import Named, Question
from autoconfig.detect.lookup import Resolver
from tests.check.asking import run
from tests.support.name_server import Reply, absent, name_server, records, refusal, silence

MX: Question = ("example.com", "MX")
ONE_MX = {"example.com MX": records("example.com. 300 MX 1 MX.example.")}


def ask(replies: dict[str, Reply], *questions: Question) -> tuple[list[Named], list[str]]:
    """What was said to questions that are put at once, and what the server was asked."""

    async def asking(names: Names) -> list[Named]:
        return await asyncio.gather(*map(names.ask, questions))

    with name_server(replies) as server:
        named = run(asking(Names(Resolver([server.address]))))
        return named, server.asked


def test_question_is_put_once() -> None:
    (one, other), asked = ask(ONE_MX, MX, MX)
    assert one == other
    assert [str(each) for each in one.records] == ["1 MX.example."]
    assert one.exists
    assert asked == ["example.com MX udp"]


def test_alias_and_what_it_leads_to_are_told() -> None:
    chain = ["a.example.com. 300 CNAME B.example.", "b.example. 300 A 192.0.2.1"]
    ((named,), _) = ask({"a.example.com A": records(*chain)}, ("a.example.com", "A"))
    assert [str(each) for each in named.records] == ["192.0.2.1"]
    assert named.aliases == ("b.example",)
    assert [str(each) for each in named.own] == ["B.example."]


@pytest.mark.parametrize(
    ("reply", "named"),
    [
        (absent(rcode=dns.rcode.NXDOMAIN), Named()),
        (absent(), Named(exists=True)),
        (refusal(dns.rcode.SERVFAIL), Named(failure="SERVFAIL")),
    ],
)
def test_what_is_absent_is_told_from_what_failed(reply: Reply, named: Named) -> None:
    ((said,), _) = ask({"example.com MX": reply}, MX)
    assert said._replace(ms=0) == named


def test_look_up_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(names, "SECONDS", 0.1)
    ((said,), _) = ask({"example.com MX": silence}, MX)
    assert said.failure == "no answer in 0.1 s"
    assert said.ms >= 100


@pytest.mark.parametrize(
    "name", ["a" * 64 + ".example", "a." * 127 + "example", "a..example", r"\2"]
)
def test_name_that_cannot_be_is_absent(name: str) -> None:
    ((said,), asked) = ask({}, (name, "A"))
    assert said._replace(ms=0) == Named()
    assert asked == []


def test_answer_is_known_when_it_has_come() -> None:
    async def asking(names: Names) -> list[Named | None]:
        before = names.known(MX)
        task = asyncio.create_task(names.ask(MX))
        await asyncio.sleep(0)
        meanwhile = names.known(MX)
        await task
        return [before, meanwhile, names.known(MX)]

    with name_server(ONE_MX) as server:
        before, meanwhile, after = run(asking(Names(Resolver([server.address]))))
    assert before is meanwhile is None
    assert after
    assert after.records
