"""What many faults have in common: the offer, and pages that stand where settings should.

Most are in a domain of Email Pro without SRV records: there Mozilla's database has the wrong server
under the name of the MX, so that "wrong", "nothing" and "right" are told apart.
"""

from functools import partial

from tests.real.world import odd_web as odd
from tests.real.world.case import Fault
from tests.real.world.odd_web import Reply, Site, ours, page
from tests.real.world.texts import DATABASE, OLD_HOSTER

Pro = partial(Fault, offer="email-pro", bare=True)
Exchange = partial(Fault, offer="exchange-hosted")


HTML_PAGE = page(
    200,
    b"<!DOCTYPE html>\n<html><head><meta charset=utf-8><title>Welcome</title></head>"
    b"<body><p>Our site<br>is new</body></html>\n",
)
OLD_PAGE = odd.xml_page(OLD_HOSTER)
WRONG_PAGE = odd.xml_page(DATABASE)


def sends(**changes: object) -> Site:
    """Our own answer, of which something is changed."""
    return Site(ours(lambda reply: reply._replace(**changes)))  # type: ignore[arg-type]


def replaces(old: bytes, new: bytes, count: int = -1) -> Site:
    """Our own answer, with other text in it."""
    return Site(ours(lambda reply: _replaced(reply, old, new, count)))


def _replaced(reply: Reply, old: bytes, new: bytes, count: int) -> Reply:
    return reply._replace(body=reply.body.replace(old, new, count))


def without(reply: Reply, what: bytes) -> Reply:
    """The answer without an attribute, or without the lines of an element."""
    start = reply.body.find(what)
    if what.endswith(b"="):
        end = reply.body.index(b'"', reply.body.index(b'"', start) + 1) + 1
        return reply._replace(body=reply.body[:start] + reply.body[end:])
    close = b"</" + what.strip(b"<>").split()[0] + b">"
    end = reply.body.rindex(close) + len(close)
    return reply._replace(body=reply.body[:start] + reply.body[end:])
