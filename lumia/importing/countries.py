"""Country codes for the names that sources write; what is not known here is ZZ, and the name is kept as written."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

__all__ = ["UNKNOWN_COUNTRY", "country_code"]

UNKNOWN_COUNTRY: Final = "ZZ"
"""The code of a country that the source does not say, or says in a way that is not known."""

_CODES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "australia": "AU",
        "austria": "AT",
        "bahrain": "BH",
        "belgium": "BE",
        "brazil": "BR",
        "bulgaria": "BG",
        "canada": "CA",
        "china": "CN",
        "croatia": "HR",
        "cyprus": "CY",
        "czech republic": "CZ",
        "czechia": "CZ",
        "denmark": "DK",
        "eire": "IE",
        "estonia": "EE",
        "finland": "FI",
        "france": "FR",
        "germany": "DE",
        "greece": "GR",
        "hong kong": "HK",
        "hungary": "HU",
        "iceland": "IS",
        "india": "IN",
        "ireland": "IE",
        "israel": "IL",
        "italy": "IT",
        "japan": "JP",
        "latvia": "LV",
        "lebanon": "LB",
        "lithuania": "LT",
        "luxembourg": "LU",
        "malta": "MT",
        "mexico": "MX",
        "netherlands": "NL",
        "new zealand": "NZ",
        "nigeria": "NG",
        "norway": "NO",
        "poland": "PL",
        "portugal": "PT",
        "romania": "RO",
        "rsa": "ZA",
        "saudi arabia": "SA",
        "singapore": "SG",
        "slovakia": "SK",
        "slovenia": "SI",
        "south africa": "ZA",
        "spain": "ES",
        "sweden": "SE",
        "switzerland": "CH",
        "thailand": "TH",
        "turkey": "TR",
        "uk": "GB",
        "united arab emirates": "AE",
        "united kingdom": "GB",
        "united states": "US",
        "united states of america": "US",
        "usa": "US",
    }
)


def country_code(name: str) -> str:
    """Give the ISO 3166-1 alpha-2 code of a country's English name, or ZZ (as for `Unspecified`)."""
    return _CODES.get(name.strip().casefold(), UNKNOWN_COUNTRY)
