"""Codes of the open exposure data standard (OED 4.0) for what is insured: vendors, industries, regions.

Vendor numbers are those of OED's OtherValues, industries NAICS 2022 sectors, Chinese areas GB/T 2260 (read 2026-11-25).
What OED has no number for has none here either.
"""

from __future__ import annotations

from collections.abc import Mapping

from ringwall.exposure.organisation import VendorKind

VENDOR_FIELDS: Mapping[VendorKind, str] = {
    VendorKind.CLOUD: "CloudVendor",
    VendorKind.OPERATING_SYSTEM: "OSVendor",
    VendorKind.EMAIL: "EmailVendor",
}
VENDORS: Mapping[str, tuple[str, ...]] = {
    "CloudVendor": ("aws", "azure", "google", "ibm", "oracle", "alibaba"),
    "OSVendor": (
        "windows", "linux", "macos", "ubuntu", "fedora", "solaris", "chrome", "centos", "debian", "deepin",
    ),
    "EmailVendor": (
        "gmail", "outlook", "aol", "yahoo", "icloud", "proton", "zoho", "yandex", "gmx", "hubspot", "mail.com",
        "tutanota", "10minutemail",
    ),
}  # fmt: skip
"""Our names in the order of OED's numbers, which begin with one; nil is unknown."""
NAICS: Mapping[str, int] = {
    "utilities": 22, "manufacturing": 31, "retail": 44, "information": 51, "financial": 52, "professional_services": 54,
    "education": 61, "healthcare": 62, "entertainment": 71, "hospitality": 72, "public": 92,
}  # fmt: skip
"""Industry of the model to its NAICS sector; a sector of several numbers is written by the first."""
SAME_SECTOR = {32: 31, 33: 31, 45: 44}
AREAS: Mapping[str, str] = {
    "BJ": "11", "TJ": "12", "HE": "13", "SX": "14", "NM": "15", "LN": "21", "JL": "22", "HL": "23", "SH": "31",
    "JS": "32", "ZJ": "33", "AH": "34", "FJ": "35", "JX": "36", "SD": "37", "HA": "41", "HB": "42", "HN": "43",
    "GD": "44", "GX": "45", "HI": "46", "CQ": "50", "SC": "51", "GZ": "52", "YN": "53", "XZ": "54", "SN": "61",
    "GS": "62", "QH": "63", "NX": "64", "XJ": "65",
}  # fmt: skip
"""Letters of ISO 3166-2:CN to the two digits of GB/T 2260, which OED has as AreaCode.

They are read and not written: ods_tools 5.0.9 takes a column of digits for numbers and then does not find it in its own
list of areas. AreaName has the ISO code instead.
"""


def vendor_code(kind: VendorKind, vendor: str) -> int | None:
    """OED's number of a vendor; None where its list has no such vendor or no such kind."""
    known = VENDORS.get(VENDOR_FIELDS.get(kind, ""), ())
    return known.index(vendor.lower()) + 1 if vendor.lower() in known else None


def vendor_name(kind: VendorKind, code: int) -> str | None:
    """The vendor of one of OED's numbers; None for a number that its list does not have."""
    known = VENDORS[VENDOR_FIELDS[kind]]
    return known[code - 1] if 0 < code <= len(known) else None


def industry_of(code: str) -> str | None:
    """The industry of a NAICS code, by its sector."""
    sector = int(code[:2]) if code[:2].isdecimal() else 0
    sector = SAME_SECTOR.get(sector, sector)
    return next((name for name, number in NAICS.items() if number == sector), None)


def country_of(region: str) -> str:
    """CountryCode of an ISO 3166 region; empty where it names no country."""
    country = region.partition("-")[0]
    return country if len(country) == 2 and country.isascii() and country.isalpha() and country.isupper() else ""


def region_of(country: str, area: str, name: str) -> str:
    """The region by OED's country and area code, or by an area name that is an ISO 3166-2 code of the country."""
    if country and name.startswith(f"{country}-"):
        return name
    part = next((letters for letters, digits in AREAS.items() if digits == area), "") if country == "CN" else ""
    return f"{country}-{part}" if part else country
