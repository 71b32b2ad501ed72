"""Check digits of account and tax numbers, and the code of the currency."""

from __future__ import annotations

import re
from collections.abc import Iterator

from finscribe.invoice import Invoice
from finscribe.validation.findings import Finding, Limits

WHOLE = frozenset(
    "BIF CLP COP CRC DJF GNF HUF IDR ISK JPY KMF KRW LAK MMK PYG RWF TWD UGX UZS VND VUV XAF XOF XPF".split()
)
"""Currencies whose amounts are printed without decimals."""
_CURRENCIES = WHOLE | frozenset(
    """AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BMD BND BOB BOV BRL BSD BTN BWP BYN BZD
    CAD CDF CHE CHF CHW CLF CNH CNY COU CUC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL
    GHS GIP GMD GTQ GYD HKD HNL HRK HTG ILS INR IQD IRR JMD JOD KES KGS KHR KPW KWD KYD KZT LBP LKR
    LRD LSL LYD MAD MDL MGA MKD MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD OMR
    PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SLL SOS SRD SSP STN SVC
    SYP SZL THB TJS TMT TND TOP TRY TTD TZS UAH USD USN UYI UYU UYW VED VES WST XAG XAU XCD XDR
    XPD XPT YER ZAR ZMW ZWG ZWL""".split()
)
_VAT_COUNTRIES = frozenset(
    "AT BE BG CH CY CZ DE DK EE EL ES FI FR GB GR HR HU IE IT LT LU LV MT NL NO PL PT RO SE SI SK XI".split()
)
_COUNTRY = re.compile(r"(?<!\w)([A-Z]{2})(?![.:#°º])[A-Z]{0,2}(?=[\W\d])")
_LEAST_DIGITS = 7
_LABEL = re.compile(r"(?i)^\s*iban\b.*?(?=\b[A-Z]{2}\d\d)")
"""What stands before the country of an account: `IBAN-Nr.:`, `IBAN (EUR): `."""


def iban_checksum(invoice: Invoice, _limits: Limits) -> Iterator[Finding]:
    """The check digits of the IBAN, and its form in its country."""
    from stdnum import iban

    value = invoice.payment.iban
    if value is None:
        return
    accounts = (re.sub(r"(?i)^\s*iban\W*", "", value), _LABEL.sub("", value))
    if not any(iban.is_valid(account, check_country=False) for account in accounts):
        message = f"{value!r} is no valid IBAN: a digit misread or missing"
        yield Finding("iban", "error", ("payment.iban",), message, None, value)


def vat_id_checksum(invoice: Invoice, _limits: Limits) -> Iterator[Finding]:
    """The check digits of a tax id that claims a country of Europe by its prefix."""
    value = invoice.vendor.tax_id
    claims = [*_with_country(value)] if value is not None else []
    if not claims or any(map(is_vat_id, claims)):
        return
    message = f"{value!r} is no valid VAT number of {claims[0][:2]}: a character misread or missing"
    yield Finding("vat-id", "warning", ("vendor.tax_id",), message, None, value)


def is_vat_id(number: str) -> bool:
    """Whether a number that begins with its country has the form and the check digits of that country."""
    from stdnum import vatin
    from stdnum.ch import uid
    from stdnum.no import orgnr

    # Swiss invoices often leave out MWST behind the number, Norwegian ones MVA.
    if number[:3].upper() == "CHE" and uid.is_valid(number):
        return True
    return vatin.is_valid(number) or (number[:2].upper() == "NO" and orgnr.is_valid(number[2:]))


def _with_country(tax_id: str) -> Iterator[str]:
    """The id from each country on that it may claim, with and without words behind that; none with few digits.

    Behind other words `NO` is the end of a label in capitals and not Norway.
    """
    first = re.split(r"(?<=\d) / ", tax_id)[0]  # a number of another kind may follow
    for match in _COUNTRY.finditer(first):
        label, number = first[: match.start()].strip(), first[match.start() :]
        if re.search(r"\d", label) or len(re.findall(r"\d", number)) < _LEAST_DIGITS:
            return
        if match[1] in _VAT_COUNTRIES and not (match[1] == "NO" and label):
            yield number
            yield match[1] + re.sub(r"^\D+", "", number)


def currency_known(invoice: Invoice, _limits: Limits) -> Iterator[Finding]:
    """The currency is a code of ISO 4217."""
    if invoice.currency is not None and invoice.currency not in _CURRENCIES:
        message = f"{invoice.currency!r} is no currency of ISO 4217"
        yield Finding("currency", "error", ("currency",), message, None, invoice.currency)
