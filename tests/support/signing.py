"""What signs profiles, and reads the signatures: keys to throw away, and CMS without a library."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.hazmat.primitives.serialization.pkcs7 import load_der_pkcs7_certificates
from cryptography.x509.oid import NameOID

NOW = datetime.now(UTC).replace(microsecond=0)
DAY = timedelta(days=1)
FILES = ("fullchain.pem", "privkey.pem")
TABLE = '\n[sign]\ncertificate = "fullchain.pem"\nkey = "privkey.pem"\n'
"""The table of a configuration that names `FILES`."""


def private_key(kind: str = "rsa", number: int = 0) -> PrivateKeyTypes:
    """A key: `rsa`, `rsa1024`, `ec` or `ed25519`. `number`: tells apart those of a kind."""
    return _made(kind, number)


@cache
def _made(kind: str, number: int) -> PrivateKeyTypes:
    match kind:
        case "ec":
            return ec.generate_private_key(ec.SECP256R1())
        case "ed25519":
            return ed25519.Ed25519PrivateKey.generate()
    return rsa.generate_private_key(65537, int(kind.removeprefix("rsa") or 2048))


def pem(key: PrivateKeyTypes, password: bytes | None = None) -> bytes:
    encryption = BestAvailableEncryption(password) if password else NoEncryption()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption)


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


@cache
def authority() -> x509.Certificate:
    """The certificate of an authority that nobody knows, whose key is `ec` 1."""
    key = private_key("ec", 1)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return (
        x509.CertificateBuilder()
        .subject_name(_name("Authority"))
        .issuer_name(_name("Authority"))
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(NOW - 100 * DAY)
        .not_valid_after(NOW + 100 * DAY)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )


def certificate(
    kind: str = "rsa",
    number: int = 0,
    *,
    since: datetime = NOW - 20 * DAY,
    until: datetime = NOW + 30 * DAY,
    signs: bool | None = None,
    name: str = "profiles.example",
) -> bytes:
    """A certificate of the authority, as PEM. `signs`: what its KeyUsage says; None for none."""
    by, public = private_key("ec", 1), private_key(kind, number).public_key()
    assert isinstance(by, ec.EllipticCurvePrivateKey)
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(name))
        .issuer_name(authority().subject)
        .public_key(public)  # type: ignore[arg-type]  # of all kinds that are made here
        .serial_number(x509.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(until)
    )
    if signs is not None:
        others = dict.fromkeys(
            (
                *("content_commitment", "data_encipherment", "key_agreement", "key_cert_sign"),
                *("crl_sign", "encipher_only", "decipher_only"),
            ),
            False,
        )
        usage = x509.KeyUsage(digital_signature=signs, key_encipherment=True, **others)
        builder = builder.add_extension(usage, critical=True)
    return builder.sign(by, hashes.SHA256()).public_bytes(Encoding.PEM)


def issuer() -> bytes:
    """The authority's certificate, as PEM."""
    return authority().public_bytes(Encoding.PEM)


def write_signing(folder: Path, kind: str = "rsa", **of: datetime) -> None:
    """Write `FILES`: a certificate with its issuer, and its key for the owner alone."""
    chain, key = (folder / name for name in FILES)
    chain.write_bytes(certificate(kind, **of) + issuer())  # type: ignore[arg-type]  # dates alone
    key.write_bytes(pem(private_key(kind)))
    key.chmod(0o600)


# -------------------------------------------------------------------------- reading what is signed


class Node(NamedTuple):
    """A value in DER. `content`: what is in it; `whole`: all its bytes."""

    tag: int
    content: bytes
    whole: bytes

    @property
    def inside(self) -> "list[Node]":
        return [*_nodes(self.content)]


def _nodes(data: bytes) -> Iterator[Node]:
    while data:
        length, start = data[1], 2
        if length >= 0x80:  # which says how many bytes have the length
            start += length - 0x80
            length = int.from_bytes(data[2:start])
        yield Node(data[0], data[start : start + length], data[: start + length])
        data = data[start + length :]


def opened(signed: bytes) -> tuple[bytes, list[x509.Certificate]]:
    """The content of a CMS and the certificates in it, the signer's first (RFC 5652 section 5).

    The signature has been verified, not whom it is of: `tests/real/hosting` has OpenSSL do both.
    """
    (whole,) = _nodes(signed)
    (signed_data,) = whole.inside[1].inside
    _, _, encapsulated, _, signers = signed_data.inside
    (content,) = encapsulated.inside[1].inside
    (signer,) = signers.inside
    _, serial, _, attributes, _, signature = signer.inside
    digest = sha256(content.content).digest()
    assert any(digest in each.content for each in attributes.inside)
    certificates = load_der_pkcs7_certificates(signed)
    (of_signer,) = (
        each
        for each in certificates
        if each.serial_number == int.from_bytes(serial.inside[1].content)
    )
    _verify(of_signer, signature.content, b"\x31" + attributes.whole[1:])
    return content.content, sorted(certificates, key=lambda each: each is not of_signer)


def _verify(certificate: x509.Certificate, signature: bytes, text: bytes) -> None:
    """Raise `InvalidSignature` if it is none of the text."""
    match certificate.public_key():
        case rsa.RSAPublicKey() as key:
            key.verify(signature, text, padding.PKCS1v15(), hashes.SHA256())
        case ec.EllipticCurvePublicKey() as key:
            key.verify(signature, text, ec.ECDSA(hashes.SHA256()))
        case other:
            raise AssertionError(other)
