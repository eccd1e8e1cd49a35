"""Whether a certificate and a key can sign profiles that devices take, and what to do if not."""

from collections.abc import Iterator
from datetime import UTC, datetime

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509 import (
    Certificate,
    ExtensionNotFound,
    KeyUsage,
    load_pem_x509_certificates,
)

from autoconfig.problems import Problem
from autoconfig.sign.identity import Identity

LEAST_RSA = 2048
"""Bits: Apple's devices trust no certificate whose key has fewer."""

CERTIFICATE, KEY = "certificate", "key"
"""What a problem is of."""


def read_identity(
    certificates: bytes, key: bytes
) -> tuple[Identity | None, list[Problem], list[Problem]]:
    """The identity that the contents of two files in PEM make; its mistakes, and its doubts."""
    chain, problems = _certificates(certificates)
    private, faults = _key(key)
    problems += faults
    if chain and private:
        problems += _mistakes(chain[0], private)
    if problems:
        return None, problems, []
    return Identity(certificates, key), [], [*_doubts(chain)]


def _certificates(pem: bytes) -> tuple[list[Certificate], list[Problem]]:
    try:
        found = load_pem_x509_certificates(pem)
        _ = found[0].extensions, found[0].public_key()  # which are read only now
        return found, []
    except Exception:  # noqa: BLE001  # the library has a class for each way to be broken
        return [], [Problem(CERTIFICATE, f"holds no certificate that can be read; {_PEM}")]


def _key(pem: bytes) -> tuple[PrivateKeyTypes | None, list[Problem]]:
    try:
        return load_pem_private_key(pem, password=None), []
    except TypeError:
        message = "is encrypted, and nobody is there to type its password: write it without one"
    except Exception:  # noqa: BLE001  # as above; and its message may say more of a key than we
        message = f"holds no private key that can be read; {_PEM}"
    return None, [Problem(KEY, message)]


_PEM = "name a file in PEM, which has lines such as -----BEGIN …-----"


def _mistakes(certificate: Certificate, key: PrivateKeyTypes) -> Iterator[Problem]:
    now = datetime.now(UTC)
    since, until = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if until < now:
        yield Problem(CERTIFICATE, f"has expired on {until.date()}: name one that is renewed")
    if now < since:
        yield Problem(CERTIFICATE, f"is not valid before {since.date()}: name one that is")
    if not _may_sign(certificate):
        message = "is not for signatures (KeyUsage without digitalSignature): name one that is"
        yield Problem(CERTIFICATE, message)
    if isinstance(key, RSAPrivateKey) and key.key_size < LEAST_RSA:
        message = f"is one of RSA with {key.key_size} bits: make one of {LEAST_RSA} or more"
        yield Problem(KEY, message)
    if not isinstance(key, (RSAPrivateKey, EllipticCurvePrivateKey)):
        yield Problem(KEY, "is neither of RSA nor of EC: make one of RSA, which devices know best")
    elif certificate.public_key() != key.public_key():
        message = "is not that of the first certificate: name the one that belongs to it"
        yield Problem(KEY, message)


def _may_sign(certificate: Certificate) -> bool:
    """RFC 5280 section 4.2.1.3: without the extension, a key is for everything."""
    try:
        return certificate.extensions.get_extension_for_class(KeyUsage).value.digital_signature
    except ExtensionNotFound:
        return True


def _doubts(chain: list[Certificate]) -> Iterator[Problem]:
    if chain[0].issuer not in [each.subject for each in chain]:
        message = (
            "has no certificate of the issuer after the first, without which devices trust no "
            "signature: name the file of the whole chain, such as fullchain.pem"
        )
        yield Problem(CERTIFICATE, message)
