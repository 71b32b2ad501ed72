"""OASIS UBL 2.1 invoices and credit notes (XRechnung and Peppol write them) -> claims."""

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


def read_ubl(root: Element) -> Claims:
    """What a UBL invoice or credit note says of the fields of an invoice."""
    seller = root.find(anywhere("AccountingSupplierParty/Party"))
    buyer = root.find(anywhere("AccountingCustomerParty/Party"))
    header = {
        "document_type": document_type(text_at(root, "InvoiceTypeCode", "CreditNoteTypeCode")),
        "vendor.name": _names(seller),
        "vendor.address": _address(seller),
        "vendor.tax_id": texts(*texts_at(seller, "PartyTaxScheme/CompanyID")),
        "client.name": _names(buyer),
        "client.address": _address(buyer),
        "invoice_number": texts(text_at(root, "ID")),
        "invoice_date": dates(text_at(root, "IssueDate")),
        "due_date": dates(text_at(root, "DueDate", "PaymentMeans/PaymentDueDate")),
        "purchase_order": texts(text_at(root, "OrderReference/ID")),
        "currency": texts(text_at(root, "DocumentCurrencyCode")),
        "payment.iban": texts(text_at(root, "PaymentMeans/PayeeFinancialAccount/ID")),
        "payment.terms": texts(text_at(root, "PaymentTerms/Note")),
        **_totals(root),
    }
    items = [*root.iterfind(anywhere("InvoiceLine")), *root.iterfind(anywhere("CreditNoteLine"))]
    return Claims(claimed(header), tuple(line for line in map(_line, items) if line))


def _names(party: Element | None) -> Candidates:
    return texts(text_at(party, "PartyLegalEntity/RegistrationName"), text_at(party, "PartyName/Name"))


def _address(party: Element | None) -> Candidates:
    place = None if party is None else party.find(anywhere("PostalAddress"))
    lines = [text_at(place, name) for name in ("StreetName", "AdditionalStreetName", "AddressLine/Line")]
    country = text_at(place, "Country/IdentificationCode")
    return address(lines, text_at(place, "PostalZone"), text_at(place, "CityName"), country)


def _totals(root: Element) -> dict[str, Candidates]:
    totals = root.find(anywhere("LegalMonetaryTotal"))
    return {
        "financial_summary.subtotal": numbers(
            text_at(totals, "LineExtensionAmount"), text_at(totals, "TaxExclusiveAmount")
        ),
        "financial_summary.tax_rate": tax_rate(texts_at(root, "TaxTotal/TaxSubtotal/TaxCategory/Percent")),
        "financial_summary.tax_amount": _tax_amount(root),
        "financial_summary.rounding": nonzero(text_at(totals, "PayableRoundingAmount")),
        "financial_summary.grand_total": numbers(text_at(totals, "TaxInclusiveAmount")),
        "financial_summary.amount_due": left_to_pay(
            text_at(totals, "PayableAmount"), text_at(totals, "TaxInclusiveAmount")
        ),
        **reductions_and_charges(list(_charges(root))),
    }


def _tax_amount(root: Element) -> Candidates:
    """The tax in the invoice's currency; it may be given in that of the books as well."""
    currency = text_at(root, "DocumentCurrencyCode").upper()
    found = root.findall(anywhere("TaxTotal/TaxAmount"))
    return numbers(
        *(each.text for each in found if not currency or each.get("currencyID", currency).upper() == currency)
    )


def _charges(root: Element) -> Iterator[Charge]:
    for each in root.iterfind(anywhere("AllowanceCharge")):
        added = text_at(each, "ChargeIndicator").lower() in ("true", "1")
        reason = f"{text_at(each, 'AllowanceChargeReason')} {text_at(each, 'AllowanceChargeReasonCode')}"
        yield Charge(added, number(text_at(each, "Amount")) or Decimal(0), reason)


def _line(item: Element) -> dict[str, Candidates]:
    return claimed(
        {
            "desc": texts(text_at(item, "Item/Name")),
            "qty": numbers(text_at(item, "InvoicedQuantity", "CreditedQuantity")),
            "unit_price": price_of_one(
                text_at(item, "Price/PriceAmount"), text_at(item, "Price/BaseQuantity")
            ),
            "line_total": numbers(text_at(item, "LineExtensionAmount")),
        }
    )
