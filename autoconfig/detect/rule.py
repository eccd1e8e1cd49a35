"""The rule: from the records of a domain to its offer.

MX decides whether the mail is at OVHcloud and where, SRV decides which offer it is, and what has no
SRV record is the offer that most have: a guess, and labelled so. MX and SRV must agree.
"""

from enum import StrEnum
from typing import NamedTuple


class Confidence(StrEnum):
    """The certainty of a finding. `FAILED`: the look-up did, so nothing is known."""

    KNOWN = "known"
    GUESS = "guess"
    NONE = "none"
    UNDECIDED = "undecided"
    FAILED = "failed"


class Finding(NamedTuple):
    """The service of a domain. `server` is that of a configuration; None where offers share it."""

    confidence: Confidence
    offer: str | None = None
    region: str | None = None
    server: str | None = None


class Reading(StrEnum):
    """The meaning of a record. First those of MX, then of SRV, then of DKIM's CNAME."""

    FAMILY = "ovh-family"
    OWN_HOST = "own-host"
    FOREIGN = "foreign"
    NO_MAILBOX = "no-mailbox"
    PERHAPS_NO_MAILBOX = "perhaps-no-mailbox"
    NULL_MX = "null-mx"
    NO_MX = "no-mx"
    SERVICE = "service"
    DEFAULT_RECORD = "default-record"
    SERVER_UNKNOWN = "server-unknown"
    NOT_AVAILABLE = "not-available"
    IGNORED_PORT = "ignored-port"
    IGNORED_REGION = "ignored-region"
    IGNORED_HOST = "ignored-host"
    DKIM = "dkim"


class Advice(StrEnum):
    """The next step for the owner of the domain."""

    CONFIGURE = "configure"
    CHECK_NUMBER = "check-number"
    CHECK_LEVEL = "check-level"
    CHECK_OFFER = "check-offer"
    PERHAPS_NO_MAILBOX = "perhaps-no-mailbox"
    FIND_SERVER = "find-server"
    SEVERAL_SERVICES = "several-services"
    SEVERAL_REGIONS = "several-regions"
    ELSEWHERE = "elsewhere"
    NO_MAIL = "no-mail"
    NO_MAILBOX = "no-mailbox"


class SignSeen(NamedTuple):
    """A record that the finding rests on, or that was ignored.

    `record` is its type, `value` what it says in presentation text without final dots; nothing if
    there is no such record.
    """

    record: str
    value: str
    reading: Reading


class Detection(NamedTuple):
    """A finding, the signs that it rests on, and the advice."""

    finding: Finding
    signs: tuple[SignSeen, ...]
    advice: Advice
