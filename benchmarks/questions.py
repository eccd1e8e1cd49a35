"""What the servers are asked, the right answers, and configurations that have them.

All domains are at MX Plan and their names equally long, so every answer to a question has the same
number of bytes. The right answers come from the golden files of the tests, which people have read.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

GOLDEN = Path(__file__).parent.parent / "tests" / "golden"
CONFIG = '[[service]]\noffer = "mx-plan"\ndomains_file = "domains.txt"\n'
POX_SCHEMAS = "http://schemas.microsoft.com/exchange/autodiscover/outlook"


@dataclass(frozen=True, slots=True)
class Question:
    """A way in which clients ask. `answer`: the right one to `alice@example.com`."""

    title: str
    method: str
    path: str
    answer: bytes

    def request(self, address: str) -> bytes:
        """The request as it goes over the wire."""
        domain = address.partition("@")[2]
        if self.method == "GET":
            target, host, body = f"{self.path}?emailaddress={address}", f"autoconfig.{domain}", ""
        else:
            target, host, body = self.path, f"autodiscover.{domain}", pox(address)
        lines = [f"{self.method} {target.replace('@', '%40')} HTTP/1.1", f"Host: {host}"]
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
    "/mail/config-v1.1.xml",
    (GOLDEN / "mx-plan-eu.autoconfig.xml").read_bytes(),
)
AUTODISCOVER = Question(
    "Autodiscover POST",
    "POST",
    "/autodiscover/autodiscover.xml",
    (GOLDEN / "mx-plan-eu.autodiscover.xml").read_bytes(),
)
QUESTIONS = (MOZILLA, AUTODISCOVER)


def domain(number: int) -> str:
    return f"shop{number:07}.example"


def addresses(count: int, domains: int) -> list[str]:
    """So many addresses, spread evenly over so many domains."""
    return [f"user{n:05}@{domain(n * domains // count)}" for n in range(count)]


def write_requests(file: Path, question: Question, asked: Iterable[str]) -> Path:
    """A file for `wrk.lua`."""
    file.write_bytes(b"\0".join(map(question.request, asked)))
    return file


def write_config(folder: Path, domains: int) -> Path:
    """A configuration with so many domains."""
    folder.mkdir(parents=True, exist_ok=True)
    names = "".join(f"{domain(number)}\n" for number in range(domains))
    (folder / "domains.txt").write_text(names)
    config = folder / "autoconfig.toml"
    config.write_text(CONFIG)
    return config
