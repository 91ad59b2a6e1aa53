"""TLS: is the certificate current, the host's own and its key long enough; are old protocols and weak ciphers taken?"""

from __future__ import annotations

import ssl
import warnings
from datetime import datetime
from functools import cache

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from ringwall.evidence import Observation
from ringwall.exposure import LookMethod, plain_name
from ringwall.shell.probes.fingerprints import portal_of_certificate
from ringwall.shell.probes.gate import Gate
from ringwall.shell.probes.target import Target, observe
from ringwall.shell.probes.web.hello import weak_cipher

NAME = "tls"
METHOD = LookMethod.ACTIVE
PORTS: tuple[int, ...] = (443, 465, 993, 8443)
SAYS: tuple[str, ...] = (
    "certificate_current", "certificate_expired", "certificate_not_yet_valid",
    "certificate_self_signed", "certificate_other_name", "key_short", "appliance_certificate",
    "protocol_current", "protocol_old", "cipher_weak", "not_tls",
)  # fmt: skip
SHORTEST_RSA_BITS = 2048
SHORTEST_CURVE_BITS = 224


async def look(target: Target, gate: Gate) -> tuple[Observation, ...]:
    try:
        async with gate.open(target, METHOD, any_tls()) as conversation:
            spoken = conversation.tls()
            assert spoken is not None, "the gate was asked for TLS"
            der = spoken.getpeercert(binary_form=True) or b""
    except (ssl.SSLError, ConnectionResetError, EOFError) as failure:
        old = await _speaks_old(target, gate)
        return (observe(NAME, target, "protocol_old" if old else "not_tls", old.encode(), old or _reason(failure)),)
    certificate = x509.load_der_x509_certificate(der)
    detail = f"not_after={certificate.not_valid_after_utc.isoformat()}"
    said = judge_certificate(certificate, target.asset, target.seen_at)
    old = await _speaks_old(target, gate)
    weak = await weak_cipher(target, gate, METHOD)
    appliance = portal_of_certificate(_subject_and_issuer(certificate))
    return (
        *(observe(NAME, target, says, der, detail) for says in said),
        *((observe(NAME, target, "appliance_certificate", der, appliance),) if appliance else ()),
        observe(NAME, target, "protocol_old" if old else "protocol_current", old.encode(), old),
        *((observe(NAME, target, "cipher_weak", weak.encode(), weak),) if weak else ()),
    )


def judge_certificate(certificate: x509.Certificate, host: str, at: datetime) -> tuple[str, ...]:
    """What the certificate says of itself on a date; a chain to a trusted root is not asked for."""
    said = []
    if at > certificate.not_valid_after_utc:
        said.append("certificate_expired")
    elif at < certificate.not_valid_before_utc:
        said.append("certificate_not_yet_valid")
    else:
        said.append("certificate_current")
    if _is_self_signed(certificate):
        said.append("certificate_self_signed")
    if not any(_matches(pattern, plain_name(host)) for pattern in _names(certificate)):
        said.append("certificate_other_name")
    if _has_short_key(certificate):
        said.append("key_short")
    return tuple(said)


def _has_short_key(certificate: x509.Certificate) -> bool:
    """Below 112 bits of strength (NIST SP 800-57 part 1 rev. 5, table 2)."""
    try:
        key = certificate.public_key()
    except (UnsupportedAlgorithm, ValueError):
        return False
    if isinstance(key, rsa.RSAPublicKey):
        return key.key_size < SHORTEST_RSA_BITS
    return isinstance(key, ec.EllipticCurvePublicKey) and key.key_size < SHORTEST_CURVE_BITS


def _subject_and_issuer(certificate: x509.Certificate) -> str:
    try:
        return f"{certificate.subject.rfc4514_string()},{certificate.issuer.rfc4514_string()}"
    except ValueError:
        return ""


def _is_self_signed(certificate: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(certificate)
    except (InvalidSignature, UnsupportedAlgorithm, ValueError, TypeError):
        return False
    return True


def _names(certificate: x509.Certificate) -> tuple[str, ...]:
    try:
        extension = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except (x509.ExtensionNotFound, x509.DuplicateExtension, x509.UnsupportedGeneralNameType, ValueError):
        common = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        return tuple(plain_name(str(attribute.value)) for attribute in common)
    return tuple(plain_name(name) for name in extension.value.get_values_for_type(x509.DNSName))


def _matches(pattern: str, host: str) -> bool:
    if pattern.startswith("*."):
        return host.partition(".")[2] == pattern[2:]
    return pattern == host


async def _speaks_old(target: Target, gate: Gate) -> str:
    """The old protocol that the server agrees to; empty where it refuses."""
    try:
        async with gate.open(target, METHOD, _old_tls()) as conversation:
            spoken = conversation.tls()
            return (spoken.version() if spoken else None) or "TLSv1"
    except TimeoutError:
        raise
    except (ssl.SSLError, OSError, EOFError):
        return ""


@cache
def any_tls() -> ssl.SSLContext:
    """Speaks to every server and believes none: a look is no login, and nothing secret is sent."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("ALL:@SECLEVEL=0")
    return context


@cache
def _old_tls() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    context.set_ciphers("ALL:@SECLEVEL=0")
    return context


def _reason(failure: Exception) -> str:
    return getattr(failure, "reason", None) or type(failure).__name__
