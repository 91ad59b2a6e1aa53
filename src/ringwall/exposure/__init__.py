"""Who is insured, what they own, who proved control of it, what they allowed us to look at, and on whom they depend."""

from ringwall.exposure.assets import Asset, AssetKind, ControlProof, ProofMethod
from ringwall.exposure.challenge import (
    CHALLENGE_HOLDS_FOR,
    DNS_LABEL,
    HTTP_FOLDER,
    Challenge,
    challenge_token,
    issue_challenge,
)
from ringwall.exposure.consent import (
    CHAIN_START,
    MAX_NEW_PER_SECOND,
    Consent,
    ConsentEntry,
    DailyHours,
    LookMethod,
    Scope,
    append_consent,
    chain_hash,
    check_consent,
    consent_on_record,
    consent_text,
    plain_name,
    verify_chain,
    withdraw,
)
from ringwall.exposure.organisation import Organisation, VendorDependency, VendorKind
from ringwall.exposure.scope import may_look, reached_address

__all__ = [
    "CHAIN_START",
    "CHALLENGE_HOLDS_FOR",
    "DNS_LABEL",
    "HTTP_FOLDER",
    "MAX_NEW_PER_SECOND",
    "Asset",
    "AssetKind",
    "Challenge",
    "Consent",
    "ConsentEntry",
    "ControlProof",
    "DailyHours",
    "LookMethod",
    "Organisation",
    "ProofMethod",
    "Scope",
    "VendorDependency",
    "VendorKind",
    "append_consent",
    "chain_hash",
    "challenge_token",
    "check_consent",
    "consent_on_record",
    "consent_text",
    "issue_challenge",
    "may_look",
    "plain_name",
    "reached_address",
    "verify_chain",
    "withdraw",
]
