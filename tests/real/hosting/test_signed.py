"""A signed profile, as OpenSSL reads it and iPhones do: whom it is of, and that it is whole."""

import subprocess
import urllib.request
from pathlib import Path

import pytest

from tests.real.programs import autoconfig_serve, program, public_folder
from tests.support.signing import TABLE, issuer, write_signing

SERVICE = '[[service]]\noffer = "zimbra-pro"\ndomains = ["example.com"]\n'
PATH = "/email.mobileconfig?email=alice@example.com&for=iphone"


NOBODY = ("-no-CAfile", "-no-CApath", "-no-CAstore")


def verified(signed: Path, *authorities: str | Path) -> subprocess.CompletedProcess[bytes]:
    """What `openssl cms` makes of it: the content, and whether it trusts the signature.

    By default it wants a certificate for mail, which those of web servers are not.
    """
    command: list[str | Path] = [program("openssl"), "cms", "-verify", "-binary"]
    command += ["-inform", "DER", "-in", signed]
    command += ["-purpose", "any", *authorities]
    return subprocess.run(command, capture_output=True, check=False)


def get(port: int, path: str) -> bytes:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=20) as answer:
        return bytes(answer.read())


@pytest.mark.parametrize("kind", ["rsa", "ec"])
def test_openssl_trusts_the_signature_by_the_authority_alone(kind: str) -> None:
    """And finds the profile in it, byte for byte."""
    with public_folder() as folder:
        write_signing(folder, kind)
        (folder / "plain.toml").write_text(SERVICE)
        (folder / "signed.toml").write_text(SERVICE + TABLE)
        with (
            autoconfig_serve(folder / "plain.toml", folder) as plain,
            autoconfig_serve(folder / "signed.toml", folder) as signing,
        ):
            profile, signed = get(plain.port, PATH), get(signing.port, PATH)
        written, authority = folder / "email.mobileconfig", folder / "authority.pem"
        written.write_bytes(signed)
        authority.write_bytes(issuer())
        good = verified(written, "-CAfile", authority)
        assert (good.returncode, good.stdout) == (0, profile), good.stderr
        assert b"certificate verify error" in verified(written, *NOBODY).stderr
        written.write_bytes(signed.replace(b"alice@", b"mallo@"))
        assert b"content verify error" in verified(written, "-CAfile", authority).stderr
