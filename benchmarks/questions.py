"""What the servers are asked, the right answers, and configurations that have them.

All domains are at MX Plan and their names equally long, so every answer to a question has the same
number of bytes. The right answers come from the golden files of the tests, which people have read.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

GOLDEN = Path(__file__).parent.parent / "tests" / "golden"
CONFIG = '[[service]]\noffer = "mx-plan"\ndomains_file = "domains.txt"\n'
CONFIG_PATH = "/mail/config-v1.1.xml"
FORWARDED = (
    "X-Forwarded-For: 203.0.113.7",
    "X-Forwarded-Proto: https",
    "X-Forwarded-Host: {host}",
)
"""Headers that a web server in front adds; those that come from loopback are trusted."""
POX_SCHEMAS = "http://schemas.microsoft.com/exchange/autodiscover/outlook"


@dataclass(frozen=True, slots=True)
class Question:
    """A way in which clients ask. `answer`: the body of the right one to `alice@example.com`.

    `headers`: further ones, in which `{host}` and `{etag}` are filled.
    """

    title: str
    method: str
    path: str
    answer: bytes
    status: int = 200
    headers: tuple[str, ...] = ()

    def request(self, address: str, etag: str = "") -> bytes:
        """The request as it goes over the wire. `etag`: of the document that the client has."""
        domain = address.partition("@")[2]
        target, host = self.path, f"autodiscover.{domain}"
        if target == CONFIG_PATH:
            host = f"autoconfig.{domain}"
            target += f"?emailaddress={address.replace('@', '%40')}"
        body = pox(address) if self.method == "POST" else ""
        lines = [f"{self.method} {target} HTTP/1.1", f"Host: {host}"]
        lines += [header.format(host=host, etag=etag) for header in self.headers]
        if body:
            lines += ["Content-Type: text/xml", f"Content-Length: {len(body)}"]
        return "\r\n".join([*lines, "", body]).encode()

    def answer_to(self, address: str) -> bytes:
        domain = address.partition("@")[2]
        filled = self.answer.replace(b"alice@example.com", address.encode())
        return filled.replace(b"example.com", domain.encode())


def pox(address: str) -> str:
    """What Outlook posts (MS-OXDSCLI 2.2.3.1, "Autodiscover Request")."""
    return (
        '<?xml version="1.0" encoding="utf-8"?>'
        f'<Autodiscover xmlns="{POX_SCHEMAS}/requestschema/2006"><Request>'
        f"<EMailAddress>{address}</EMailAddress>"
        f"<AcceptableResponseSchema>{POX_SCHEMAS}/responseschema/2006a</AcceptableResponseSchema>"
        "</Request></Autodiscover>"
    )


MOZILLA = Question(
    "Mozilla GET",
    "GET",
    CONFIG_PATH,
    (GOLDEN / "mx-plan-eu.autoconfig.xml").read_bytes(),
)
AUTODISCOVER = Question(
    "Autodiscover POST",
    "POST",
    "/autodiscover/autodiscover.xml",
    (GOLDEN / "mx-plan-eu.autodiscover.xml").read_bytes(),
)
QUESTIONS = (MOZILLA, AUTODISCOVER)
"""The usual ones, put directly."""

BY_HOST = replace(
    MOZILLA,
    title="Mozilla GET without an address",
    path="/.well-known/autoconfig/mail/config-v1.1.xml",
)
"""The domain is read from the host that is asked."""

PROXIED = replace(MOZILLA, title="Mozilla GET behind a proxy", headers=FORWARDED)
HEAD = replace(MOZILLA, title="Mozilla HEAD", method="HEAD", answer=b"")
UNCHANGED = replace(
    MOZILLA,
    title="Mozilla GET, answered 304",
    answer=b"",
    status=304,
    headers=("If-None-Match: {etag}",),
)
CAPITALS_POST = replace(
    AUTODISCOVER, title="Autodiscover POST in capitals", path="/Autodiscover/Autodiscover.xml"
)
CAPITALS = replace(
    CAPITALS_POST,
    title="Autodiscover GET in capitals",
    method="GET",
    answer=(GOLDEN / "mx-plan-eu.autodiscover-domain.xml").read_bytes(),
)
WAYS = (*QUESTIONS, PROXIED, CAPITALS, CAPITALS_POST, HEAD, UNCHANGED)
"""The usual ones, and how they also arrive: Outlook writes capitals in the path."""


def domain(number: int) -> str:
    return f"shop{number:07}.example"


def addresses(count: int, domains: int) -> list[str]:
    """So many addresses, spread evenly over so many domains."""
    return [f"user{n:05}@{domain(n * domains // count)}" for n in range(count)]


def write_requests(file: Path, question: Question, asked: Iterable[str]) -> Path:
    """A file for `wrk.lua`."""
    file.write_bytes(b"\0".join(map(question.request, asked)))
    return file


def write_config(folder: Path, domains: int, first: str = "") -> Path:
    """A configuration with so many domains. `first`: what it begins with."""
    folder.mkdir(parents=True, exist_ok=True)
    names = "".join(f"{domain(number)}\n" for number in range(domains))
    (folder / "domains.txt").write_text(names)
    config = folder / "autoconfig.toml"
    config.write_text(first + CONFIG)
    return config
