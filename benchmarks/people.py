"""What people and their phones ask for, beside what mail programs do: the page, a profile, codes.

Each is asked for in turn with the Mozilla document, at the same server, by as few connections as a
worker draws codes for at once. What a flood of codes does to everybody else is measured as that of
made-up domains is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from autoconfig.answers.answer import MOST_CODES
from benchmarks import servers, ways
from benchmarks.detection import AHEAD_SECONDS, PROBED, Beside, flooded, probe
from benchmarks.measuring import interleaved
from benchmarks.questions import addresses
from benchmarks.servers import Server
from benchmarks.wrk import CONNECTIONS, Load

CODES = 200
"""QR codes a second, of the flood."""

NO_CODES = "no codes"
SOME_CODES = f"{CODES} codes/s"


@dataclass(frozen=True, slots=True)
class Asked:
    """A URL that a person's browser or phone asks for, and the end of its answer."""

    title: str
    target: str
    end: bytes

    def request(self, address: str) -> bytes:
        domain = address.partition("@")[2]
        target = self.target.format(address=address)
        return f"GET {target} HTTP/1.1\r\nHost: autoconfig.{domain}\r\n\r\n".encode()


MOZILLA = Asked("Mozilla GET", "/mail/config-v1.1.xml?emailaddress={address}", b"</clientConfig>\n")
PAGE = Asked("page of a domain", "/", b"</html>\n")
PERSON = Asked("page of a person", "/?emailaddress={address}", b"</html>\n")
PROFILE = Asked("Apple profile", "/email.mobileconfig?email={address}", b"</plist>\n")
LINK = Asked("QR code, profile's link", "/qr.svg?email={address}", b"</svg>\n")
ACCOUNT = Asked("QR code, Thunderbird", "/qr.svg?of=thunderbird&email={address}", b"</svg>\n")
EVERY = (MOZILLA, PAGE, PERSON, PROFILE, LINK, ACCOUNT)


@dataclass(frozen=True, slots=True)
class People:
    """`loads`: rounds of each. `beside`: rounds of Mozilla documents, by what runs beside them."""

    loads: Mapping[Asked, Sequence[Load]]
    beside: Mapping[str, Sequence[Beside]]


def measure(folder: Path, rounds: int, seconds: int) -> People:
    """Raises `Unusable` if an answer is none."""
    with servers.autoconfig(folder, PROBED) as server:
        (address,) = addresses(1, 1)
        cases = {each.title: partial(_load, server, each, address) for each in EVERY}
        loads = dict(zip(EVERY, interleaved("people", rounds, cases).values(), strict=True))
        asked = addresses(CODES // 2, PROBED)
        codes = [each.request(name) for name in asked for each in (LINK, ACCOUNT)]
        codes *= AHEAD_SECONDS + seconds
        beside = {
            NO_CODES: partial(probe, server, seconds),
            SOME_CODES: partial(flooded, server, codes, CONNECTIONS, CODES, seconds),
        }
        return People(loads, interleaved("codes beside", rounds, beside))


def _load(server: Server, asked: Asked, address: str) -> Load:
    whole = (b"HTTP/1.1 200", asked.end)
    return ways.load(server, asked.request(address), whole, MOST_CODES)
