"""Certificates to throw away, good ones and bad ones, of authorities that nobody else knows."""

import ssl
from datetime import UTC, datetime
from functools import cache

import trustme

TRUSTED = "Trusted"
PAST, FUTURE = datetime(2020, 1, 2, tzinfo=UTC), datetime(2099, 1, 2, tzinfo=UTC)


@cache
def authority(name: str) -> trustme.CA:
    """An authority; programs trust `TRUSTED` alone."""
    return trustme.CA(organization_name=name)


@cache
def trusting() -> ssl.SSLContext:
    """TLS of a client that trusts the authority, as `check.certificate.context` makes it."""
    made = ssl.create_default_context()
    authority(TRUSTED).configure_trust(made)
    return made


def certified(
    *hosts: str,
    since: datetime | None = None,
    until: datetime | None = None,
    by: str = TRUSTED,
) -> ssl.SSLContext:
    """TLS of a server with a certificate for hosts."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority(by).issue_cert(*hosts, not_before=since, not_after=until).configure_cert(made)
    return made


def self_signed() -> ssl.SSLContext:
    """TLS of a server whose certificate nobody but itself has signed."""
    own = authority("Own")
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    both = trustme.Blob(own.private_key_pem.bytes() + own.cert_pem.bytes())
    with both.tempfile() as path:
        made.load_cert_chain(path)
    return made


def with_its_root(host: str) -> ssl.SSLContext:
    """TLS of a server that shows the certificate of its authority, which nobody knows, as well."""
    by = authority("Nobody")
    shown = by.issue_cert(host)
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    chain = shown.private_key_and_cert_chain_pem.bytes() + by.cert_pem.bytes()
    with trustme.Blob(chain).tempfile() as path:
        made.load_cert_chain(path)
    return made
