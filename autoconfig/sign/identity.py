"""The signature of an Apple profile: CMS (RFC 5652) with the content inside, in DER."""

import logging
from datetime import UTC, datetime, timedelta

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from cryptography.hazmat.primitives.serialization.pkcs7 import (
    PKCS7Options,
    PKCS7PrivateKeyTypes,
    PKCS7SignatureBuilder,
)
from cryptography.x509 import load_pem_x509_certificates

log = logging.getLogger("autoconfig")

SILENCE = timedelta(hours=1)
"""The time between two messages that the certificate has expired."""


class Identity:
    """A certificate with those of its issuers, and its key.

    They are given as PEM, the certificate first, and read once. The key is in no `repr`. Raises
    what `cryptography` does if they cannot be read; `reading` says more of them.
    """

    def __init__(self, certificates: bytes, key: bytes) -> None:
        self._written = certificates, key
        self.certificate, *self.issuers = load_pem_x509_certificates(certificates)
        self._key: PKCS7PrivateKeyTypes = load_pem_private_key(key, password=None)  # type: ignore[assignment]  # `reading` refuses others
        self._silent_until = datetime.min.replace(tzinfo=UTC)

    def __reduce__(self) -> tuple[type["Identity"], tuple[bytes, bytes]]:
        """Written down as PEM: what has been read of it cannot be."""
        return Identity, self._written

    def sign(self, content: bytes) -> bytes:
        """The content with the signature and the certificates, which a device takes in its place.

        Once the certificate has expired, the content as it is, which a device takes too; and a
        message. Two signatures of one content differ: the time is in them.
        """
        now = datetime.now(UTC)
        if now > self.certificate.not_valid_after_utc:
            self._say_expired(now)
            return content
        builder = PKCS7SignatureBuilder().set_data(content)
        builder = builder.add_signer(self.certificate, self._key, SHA256())
        for issuer in self.issuers:
            builder = builder.add_certificate(issuer)
        return builder.sign(Encoding.DER, [PKCS7Options.Binary])

    def _say_expired(self, now: datetime) -> None:
        if now >= self._silent_until:
            self._silent_until = now + SILENCE
            log.warning(
                "the certificate that signs profiles has expired on %s: until a renewed one is "
                "loaded, they go out without a signature",
                self.certificate.not_valid_after_utc.date(),
            )
