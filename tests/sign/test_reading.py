"""A certificate and a key that sign, and what is said of those that do not."""

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import load_der_x509_certificate, load_pem_x509_certificate

from autoconfig.sign.reading import read_identity
from tests.support.signing import DAY, NOW, certificate, issuer, opened, pem, private_key

RSA, EC, OLD, ED = (pem(private_key(kind)) for kind in ("rsa", "ec", "rsa1024", "ed25519"))
RSA_OID, OTHER_OID = bytes.fromhex("2a864886f70d010101"), bytes.fromhex("2a864886f70d01017f")
GOOD = certificate() + issuer()
_TEXT = b"-----BEGIN %s-----\nAAAA\n-----END %s-----\n"


def chain(kind: str = "rsa", **of: object) -> bytes:
    return certificate(kind, **of) + issuer()  # type: ignore[arg-type]  # as `certificate` has them


@pytest.mark.parametrize(
    ("certificates", "key"),
    [
        (GOOD, RSA),
        (chain("ec"), EC),
        (chain(signs=True), RSA),
        (b"Bag Attributes\n\xe9\n" + GOOD, RSA),
        (issuer(), pem(private_key("ec", 1))),
    ],
    ids=["rsa", "ec", "for signatures", "with a text", "its own issuer"],
)
def test_good_ones_sign(certificates: bytes, key: bytes) -> None:
    identity, problems, doubts = read_identity(certificates, key)
    assert (problems, doubts) == ([], [])
    assert identity is not None
    assert opened(identity.sign(b"content"))[0] == b"content"


@pytest.mark.parametrize(
    ("certificates", "key", "said"),
    [
        (chain(until=NOW - 3 * DAY), RSA,
         [f"certificate: has expired on {(NOW - 3 * DAY).date()}: name one that is renewed"]),
        (chain(since=NOW + 3 * DAY), RSA,
         [f"certificate: is not valid before {(NOW + 3 * DAY).date()}: name one that is"]),
        (chain(signs=False), RSA, ["certificate: is not for signatures (KeyUsage without "]),
        (chain("rsa1024"), OLD, ["key: is one of RSA with 1024 bits: make one of 2048 or more"]),
        (chain("ed25519"), ED, ["key: is neither of RSA nor of EC: make one of RSA"]),
        (GOOD, EC, ["key: is not that of the first certificate: name the one that "]),
        (issuer() + certificate(), RSA, ["key: is not that of the first certificate"]),
        (GOOD, pem(private_key(), b"secret"), ["key: is encrypted, and nobody is there to type"]),
        (b"", b"", ["certificate: holds no certificate", "key: holds no private key that can be"]),
        (RSA, GOOD, ["certificate: holds no certificate", "key: holds no private key"]),
        (b"\x30\x82\x00", b"\x30\x82\x00", ["certificate: holds no", "key: holds no"]),
        (_TEXT % (b"CERTIFICATE", b"CERTIFICATE"), RSA, ["certificate: holds no certificate that"]),
        (GOOD, _TEXT % (b"PRIVATE KEY", b"PRIVATE KEY"), ["key: holds no private key that can"]),
        (chain(until=NOW - 3 * DAY, signs=False), EC,
         ["certificate: has expired", "certificate: is not for signatures", "key: is not that"]),
    ],
    ids=["expired", "early", "usage", "short", "ed25519", "another's", "order", "encrypted",
         "empty", "changed over", "DER", "no certificate", "no key", "all at once"],
)  # fmt: skip
def test_bad_ones_are_refused_with_what_to_do(
    certificates: bytes, key: bytes, said: list[str]
) -> None:
    identity, problems, _ = read_identity(certificates, key)
    assert identity is None
    assert len(problems) == len(said)
    for problem, beginning in zip(map(str, problems), said, strict=True):
        assert problem.startswith(beginning)


def test_no_message_has_a_part_of_the_key() -> None:
    broken = RSA.replace(b"\n-----END", b"#\n-----END")
    _, problems, _ = read_identity(GOOD, broken)
    assert str(problems[0]) == (
        "key: holds no private key that can be read; "
        "name a file in PEM, which has lines such as -----BEGIN …-----"
    )


@pytest.mark.parametrize(
    "others",
    [b"", certificate(), certificate("ec", name="other.example")],
    ids=["nothing", "itself", "another's"],
)
def test_chain_that_is_missing_is_a_doubt(others: bytes) -> None:
    """An iPhone then says that it is not verified, though another program may find the issuer."""
    identity, problems, (doubt,) = read_identity(certificate() + others, RSA)
    assert identity is not None
    assert problems == []
    assert str(doubt).startswith("certificate: has no certificate of the issuer after the first")


def test_certificate_of_a_kind_of_key_that_is_unknown_is_refused() -> None:
    der = load_pem_x509_certificate(certificate()).public_bytes(Encoding.DER)
    odd = load_der_x509_certificate(der.replace(RSA_OID, OTHER_OID)).public_bytes(Encoding.PEM)
    _, problems, _ = read_identity(odd, RSA)
    assert str(problems[0]).startswith("certificate: holds no certificate that can be read")
