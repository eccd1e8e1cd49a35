"""Certificates: what is wrong with one, and what stands in it all the same.

`ssl` reads a certificate only if it has verified it. So one that does not verify is taken from a
second connection, which verifies nothing, and is read over a third one, which trusts it alone.
Nothing is sent over either.
"""

import ssl
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from autoconfig.check.seen import Certificate, Fault

NO_CHECK_TIME = 0x200000
"""`X509_V_FLAG_NO_CHECK_TIME` of OpenSSL: the end of the validity does not count."""

FAULTS: Mapping[int, Fault] = {
    9: Fault.TLS_EARLY,
    10: Fault.TLS_EXPIRED,
    18: Fault.TLS_SELF_SIGNED,
    19: Fault.TLS_SELF_SIGNED,
    2: Fault.TLS_ISSUER,
    20: Fault.TLS_ISSUER,
    21: Fault.TLS_ISSUER,
    62: Fault.TLS_NAME,
    64: Fault.TLS_NAME,
}
"""By `X509_V_ERR_…` of OpenSSL's x509_vfy.h: not valid yet; has expired; self-signed, alone
or in its chain; no issuer found; another host name, or IP address."""

PLAIN = {
    "WRONG_VERSION_NUMBER",
    "HTTP_REQUEST",
    "HTTPS_PROXY_REQUEST",
    "UNKNOWN_PROTOCOL",
    "PACKET_LENGTH_TOO_LONG",
    "BAD_RECORD_TYPE",
    "INVALID_SESSION_ID",
}
"""What OpenSSL makes of plain text in place of TLS, by the first octets of the text."""


def context() -> ssl.SSLContext:
    """TLS as mail programs do it, with the authorities of `SSL_CERT_FILE`, else the system's."""
    made = ssl.create_default_context()
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    made.verify_flags &= ~ssl.VERIFY_X509_STRICT  # Python 3.13 sets it, and no mail program does
    return made


def taking_any() -> ssl.SSLContext:
    """TLS that verifies nothing, to see the certificate."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made.check_hostname = False
    made.verify_mode = ssl.CERT_NONE
    return made


def trusting(certificate: bytes) -> ssl.SSLContext:
    """TLS that trusts a certificate (DER) for any name and time, so that it can be read.

    Raises `ssl.SSLError` if it is none.
    """
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made.check_hostname = False
    flags = NO_CHECK_TIME | ssl.VERIFY_X509_PARTIAL_CHAIN
    made.verify_flags = ssl.VerifyFlags(made.verify_flags & ~ssl.VERIFY_X509_STRICT | flags)
    made.load_verify_locations(cadata=certificate)
    return made


def fault_of(error: ssl.SSLError) -> Fault:
    """The kind of a TLS fault."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return FAULTS.get(error.verify_code, Fault.TLS)
    return Fault.TLS_PLAIN if error.reason in PLAIN else Fault.TLS


def read(peer: Mapping[str, Any]) -> Certificate | None:
    """A certificate as `ssl.SSLSocket.getpeercert` has it; None if it has none, or cannot read it.

    Where it names no host, the common name counts, as it is what a person sees.
    """
    if not peer:
        return None
    subject, issuer = _names(peer.get("subject", ())), _names(peer.get("issuer", ()))
    hosts = tuple(value for kind, value in peer.get("subjectAltName", ()) if kind != "DirName")
    own = (subject["commonName"],) if "commonName" in subject else ()
    until = datetime.fromtimestamp(ssl.cert_time_to_seconds(peer["notAfter"]), UTC)
    by = issuer.get("organizationName") or issuer.get("commonName", "")
    return Certificate(hosts or own, until, by)


def _names(distinguished: Any) -> dict[str, str]:
    return {kind: value for relative in distinguished for kind, value in relative}
