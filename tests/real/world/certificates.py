"""A throw-away CA, and certificates of every kind: good ones, and such as each fault wants."""

import ssl
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from enum import Enum, auto
from pathlib import Path

import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

NOW = datetime.now(UTC)
SOON_DAYS = 5


class Kind(Enum):
    """What is wrong with a certificate."""

    GOOD = auto()
    WILDCARD = auto()  # for every name of the domain: good
    SOON = auto()  # ends in SOON_DAYS
    EXPIRED = auto()
    NOT_YET = auto()  # begins tomorrow
    OTHER_NAME = auto()  # for the name of a hoster
    APEX_ONLY = auto()  # for the domain, and not for the name below it
    SELF_SIGNED = auto()
    PRIVATE_CA = auto()  # of a CA that nobody trusts, which is sent along
    UNKNOWN_CA = auto()  # of such a CA, which is not
    INCOMPLETE = auto()  # without the certificate between it and the CA


class Authority:
    """Makes certificates into a folder: files that hold the key and the chain."""

    def __init__(self, folder: Path) -> None:
        self.folder, self._odd = folder, folder / "odd"
        self._odd.mkdir(parents=True)
        self._ca = trustme.CA(organization_name="Let's Encrypt in a throw-away world")
        self._other = trustme.CA(organization_name="Nobody's Trust")
        self._child = self._ca.create_child_ca()
        self.ca = folder / "ca.pem"
        self._ca.cert_pem.write_to_path(self.ca)
        self._makers: Mapping[Kind, Callable[[str], bytes]] = {
            Kind.GOOD: lambda name: _pem(self._ca.issue_cert(name)),
            Kind.WILDCARD: lambda name: _pem(self._ca.issue_cert("*." + name.partition(".")[2])),
            Kind.SOON: lambda name: self._dated(name, -60, SOON_DAYS),
            Kind.EXPIRED: lambda name: self._dated(name, -90, -3),
            Kind.NOT_YET: lambda name: self._dated(name, 1, 90),
            Kind.OTHER_NAME: lambda _: _pem(self._ca.issue_cert("www.hoster.example")),
            Kind.APEX_ONLY: lambda name: _pem(self._ca.issue_cert(name.partition(".")[2])),
            Kind.SELF_SIGNED: _self_signed,
            Kind.PRIVATE_CA: lambda name: (
                _pem(self._other.issue_cert(name)) + self._other.cert_pem.bytes()
            ),
            Kind.UNKNOWN_CA: lambda name: _pem(self._other.issue_cert(name)),
            Kind.INCOMPLETE: lambda name: _pem(self._child.issue_cert(name), 1),
        }

    def write(self, *names: str) -> Path:
        """A good certificate for a host and further names of it, in a file after the first."""
        path = self.folder / f"{names[0]}.pem"
        path.write_bytes(_pem(self._ca.issue_cert(*names)))
        return path

    def write_odd(self, name: str, kind: Kind) -> Path:
        """A certificate of the kind for a host, in a file of its own."""
        path = self._odd / f"{name}.pem"
        path.write_bytes(self._makers[kind](name))
        return path

    def context(self, name: str, kind: Kind) -> ssl.SSLContext:
        """That of a server with such a certificate."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.write_odd(name, kind))
        return context

    def _dated(self, name: str, since: int, until: int) -> bytes:
        """`since` and `until`: in days from now."""
        return _pem(
            self._ca.issue_cert(
                name, not_before=NOW + timedelta(days=since), not_after=NOW + timedelta(days=until)
            )
        )


def _pem(leaf: trustme.LeafCert, most: int | None = None) -> bytes:
    """The key and the chain, of which not more than `most` certificates."""
    chain: Iterable[trustme.Blob] = leaf.cert_chain_pems[:most]
    return leaf.private_key_pem.bytes() + b"".join(each.bytes() for each in chain)


def _self_signed(name: str) -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(NOW - timedelta(days=1))
        .not_valid_after(NOW + timedelta(days=90))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return private + made.public_bytes(Encoding.PEM)
