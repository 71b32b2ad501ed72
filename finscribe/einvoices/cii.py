"""UN/CEFACT Cross Industry Invoice (Factur-X, ZUGFeRD 1 and 2, XRechnung) -> claims.

ZUGFeRD 1 names its blocks `ApplicableSupplyChainTrade...` where later versions write `ApplicableHeaderTrade...`
and `SpecifiedLineTrade...`; what they hold has the same names.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from xml.etree.ElementTree import Element

from finscribe.einvoices.claims import (
    Candidates,
    Charge,
    Claims,
    address,
    anywhere,
    claimed,
    dates,
    document_type,
    left_to_pay,
    nonzero,
    number,
    numbers,
    price_of_one,
    reductions_and_charges,
    tax_rate,
    text_at,
    texts,
    texts_at,
)


def read_cii(root: Element) -> Claims:
    """What a Cross Industry Invoice says of the fields of an invoice."""
    settlement = _either(root, "ApplicableHeaderTradeSettlement", "ApplicableSupplyChainTradeSettlement")
    document = _either(root, "ExchangedDocument", "HeaderExchangedDocument")
    seller, buyer = _either(root, "SellerTradeParty"), _either(root, "BuyerTradeParty")
    agreement = _either(root, "ApplicableHeaderTradeAgreement", "ApplicableSupplyChainTradeAgreement")
    order = _either(agreement, "BuyerOrderReferencedDocument")
    header = {
        "document_type": document_type(text_at(document, "TypeCode")),
        "vendor.name": _names(seller),
        "vendor.address": _address(seller),
        "vendor.tax_id": _tax_ids(seller),
        "client.name": _names(buyer),
        "client.address": _address(buyer),
        "invoice_number": texts(text_at(document, "ID")),
        "invoice_date": dates(text_at(document, "IssueDateTime/DateTimeString")),
        "purchase_order": texts(text_at(order, "IssuerAssignedID", "ID")),
        **_settlement(settlement),
    }
    items = root.iterfind(f".//{anywhere('IncludedSupplyChainTradeLineItem')}")
    lines = (_line(item) for item in items if not _is_heading(item))
    return Claims(claimed(header), tuple(line for line in lines if line))


def _either(root: Element | None, *names: str) -> Element | None:
    """The first element of one of these names, wherever it stands."""
    found = (None if root is None else root.find(f".//{anywhere(name)}") for name in names)
    return next((each for each in found if each is not None), None)


def _names(party: Element | None) -> Candidates:
    return texts(text_at(party, "Name"), text_at(party, "SpecifiedLegalOrganization/TradingBusinessName"))


def _address(party: Element | None) -> Candidates:
    place = None if party is None else party.find(anywhere("PostalTradeAddress"))
    lines = [text_at(place, name) for name in ("LineOne", "LineTwo", "LineThree")]
    return address(
        lines, text_at(place, "PostcodeCode"), text_at(place, "CityName"), text_at(place, "CountryID")
    )


def _tax_ids(party: Element | None) -> Candidates:
    """The VAT number, else the number of the tax office."""
    ids = [] if party is None else party.findall(anywhere("SpecifiedTaxRegistration/ID"))
    return texts(*(each.text for scheme in ("VA", "FC") for each in ids if each.get("schemeID") == scheme))


def _settlement(settlement: Element | None) -> dict[str, Candidates]:
    totals = _either(
        settlement,
        "SpecifiedTradeSettlementHeaderMonetarySummation",
        "SpecifiedTradeSettlementMonetarySummation",
    )
    currency = text_at(settlement, "InvoiceCurrencyCode")
    terms = "SpecifiedTradePaymentTerms"
    return {
        "currency": texts(currency),
        "due_date": dates(text_at(settlement, f"{terms}/DueDateDateTime/DateTimeString")),
        "payment.iban": texts(
            *texts_at(
                settlement, "SpecifiedTradeSettlementPaymentMeans/PayeePartyCreditorFinancialAccount/IBANID"
            )[:1]
        ),
        "payment.terms": texts(text_at(settlement, f"{terms}/Description")),
        "financial_summary.subtotal": numbers(
            text_at(totals, "LineTotalAmount"), text_at(totals, "TaxBasisTotalAmount")
        ),
        "financial_summary.tax_rate": tax_rate(_rates(settlement)),
        "financial_summary.tax_amount": _tax_amount(totals, currency),
        "financial_summary.rounding": nonzero(text_at(totals, "RoundingAmount")),
        "financial_summary.grand_total": numbers(text_at(totals, "GrandTotalAmount")),
        "financial_summary.amount_due": left_to_pay(
            text_at(totals, "DuePayableAmount"), text_at(totals, "GrandTotalAmount")
        ),
        **reductions_and_charges(list(_charges(settlement))),
    }


def _rates(settlement: Element | None) -> list[str]:
    return texts_at(settlement, "ApplicableTradeTax/RateApplicablePercent") or texts_at(
        settlement, "ApplicableTradeTax/ApplicablePercent"
    )


def _tax_amount(totals: Element | None, currency: str) -> Candidates:
    """The tax in the invoice's currency; it may be given in that of the books as well."""
    found = [] if totals is None else totals.findall(anywhere("TaxTotalAmount"))
    return numbers(*(each.text for each in found if each.get("currencyID", currency) == currency))


def _charges(settlement: Element | None) -> Iterator[Charge]:
    if settlement is None:
        return
    for each in settlement.iterfind(anywhere("SpecifiedTradeAllowanceCharge")):
        added = text_at(each, "ChargeIndicator/Indicator", "ChargeIndicator").lower() in ("true", "1")
        reason = f"{text_at(each, 'Reason')} {text_at(each, 'ReasonCode')}"
        yield Charge(added, number(text_at(each, "ActualAmount")) or Decimal(0), reason)
    for each in settlement.iterfind(anywhere("SpecifiedLogisticsServiceCharge")):
        yield Charge(True, number(text_at(each, "AppliedAmount")) or Decimal(0), "shipping")


# --- lines -------------------------------------------------------------------------------------------


def _is_heading(item: Element) -> bool:
    """Whether a line only groups or explains others, as Factur-X EXTENDED has them."""
    code = text_at(item, "AssociatedDocumentLineDocument/LineStatusReasonCode")
    return code in ("GROUP", "INFORMATION")


def _line(item: Element) -> dict[str, Candidates]:
    price = _either(item, "NetPriceProductTradePrice")
    settlement = _either(item, "SpecifiedLineTradeSettlement", "SpecifiedSupplyChainTradeSettlement")
    return claimed(
        {
            "desc": texts(text_at(item, "SpecifiedTradeProduct/Name")),
            "qty": numbers(text_at(_either(item, "BilledQuantity"), ".")),
            "unit_price": price_of_one(text_at(price, "ChargeAmount"), text_at(price, "BasisQuantity")),
            "line_total": numbers(text_at(_either(settlement, "LineTotalAmount"), ".")),
        }
    )
