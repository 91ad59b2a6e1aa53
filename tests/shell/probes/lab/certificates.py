"""Certificates of the real lab: what the product's own lab makes, and one with a short key and a name of its own."""

from __future__ import annotations

from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from ringwall.shell.probes.lab.certificates import FAR_OFF, LONG_AGO, server_pem

SHORT_KEY_BITS = 1024
OTHER_NAME = "appliance.invalid"


def write_certificate(path: Path, host: str, kind: str) -> None:
    """`kind` is current, expired or short_key; the last is self-signed for another name besides."""
    path.write_bytes(_short_key_pem() if kind == "short_key" else server_pem(host, kind))


def _short_key_pem() -> bytes:
    key = rsa.generate_private_key(public_exponent=65_537, key_size=SHORT_KEY_BITS)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, OTHER_NAME)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(LONG_AGO)
        .not_valid_after(FAR_OFF)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(OTHER_NAME)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    written_key = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return certificate.public_bytes(serialization.Encoding.PEM) + written_key
