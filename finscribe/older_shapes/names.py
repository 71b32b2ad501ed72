"""What fields, blocks and types were called in older records."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from finscribe.invoice import DOCUMENT_TYPES, LINES


def _names(table: Mapping[str, str]) -> dict[str, str]:
    return {name: target for target, names in table.items() for name in names.split()}


_VENDOR = _names(
    {
        "vendor.name": "name vendor_name company_name merchant_name seller_name store_name",
        "vendor.address": "address vendor_address merchant_address seller_address",
        "vendor.tax_id": "tax_id vat_id vat_number vat_no tax_number vat tin gstin abn vendor_tax_id",
    }
)
_CLIENT = _names(
    {
        "client.name": "name client_name customer_name company_name buyer_name",
        "client.address": "address client_address customer_address billing_address",
    }
)
DATES = _names(
    {
        "invoice_date": "invoice_date date issue_date issued document_date date_of_issue transaction_date",
        "due_date": "due_date due payment_due payment_due_date",
    }
)
_NUMBERS = _names(
    {
        "document_type": "document_type doc_type",
        "invoice_number": "invoice_number invoice_no invoice_id receipt_number document_number",
        "purchase_order": "purchase_order po_number purchase_order_number po order_number",
        "currency": "currency currency_code",
    }
)
_SUMMARY = _names(
    {
        "financial_summary.subtotal": "subtotal sub_total net_total net_amount",
        "financial_summary.discount": "discount discount_amount total_discount",
        "financial_summary.shipping": "shipping shipping_amount shipping_cost freight delivery",
        "financial_summary.other_charges": "other_charges service_charge fees tip",
        "financial_summary.tax_rate": "tax_rate vat_rate",
        "financial_summary.tax_amount": "tax_amount tax total_tax vat_amount",
        "financial_summary.rounding": "rounding rounding_adjustment",
        "financial_summary.grand_total": "grand_total total total_amount amount gross_total invoice_total",
        "financial_summary.amount_due": "amount_due balance_due total_due amount_payable",
    }
)
_TAX = _names({"financial_summary.tax_rate": "rate", "financial_summary.tax_amount": "amount total"})
_PAYMENT = _names({"payment.iban": "iban", "payment.terms": "terms payment_terms"})
_LINE = _names(
    {
        "desc": "desc description item name product item_description product_name",
        "qty": "qty quantity count",
        "unit_price": "unit_price price unit_cost price_per_unit",
        "line_total": "line_total total amount total_price line_amount",
    }
)

_AMONG_OTHERS = DATES | {name: _NUMBERS[name] for name in ("invoice_number", "invoice_no", "currency")}
"""Header fields that older records keep in any of their blocks."""
EVERYWHERE = (
    {f"vendor_{name}".replace("vendor_vendor_", "vendor_"): path for name, path in _VENDOR.items()}
    | {f"client_{name}".replace("client_client_", "client_"): path for name, path in _CLIENT.items()}
    | {"company": "vendor.name", "address": "vendor.address"}
    | _PAYMENT
    | _SUMMARY
    | _NUMBERS
    | DATES
)
_BLOCKS: dict[str, dict[str, str]] = {
    "": EVERYWHERE,
    "document": EVERYWHERE | {"number": "invoice_number", "type": "document_type"},
    "vendor": _AMONG_OTHERS | _VENDOR,
    "client": _AMONG_OTHERS | _CLIENT,
    "financial_summary": _AMONG_OTHERS | _SUMMARY,
    "payment": _AMONG_OTHERS | _SUMMARY | _PAYMENT,
    "dates": DATES,
    "tax": _TAX,
}
BLOCK_NAMES = _names(
    {
        "vendor": "vendor merchant_info merchant vendor_info seller supplier",
        "client": "client client_info customer customer_info buyer bill_to",
        "financial_summary": "financial_summary summary totals financials",
        "payment": "payment payment_info payment_details",
        "dates": "dates",
        "document": "transaction_info transaction invoice_info invoice invoice_details data parsed",
    }
)
OUTER = ("", "document")
"""The record itself, and what may stand for it one level down: blocks and lines are looked for in these."""
LINES_NAMES = (LINES, "items", "lines", "line_item")
PLAIN_BLOCKS = {"vendor": "vendor.name", "client": "client.name"}
"""Blocks that older records give as a plain string, and the field that it is."""
AMOUNT_KEYS = {"amount", "value", "currency", "currency_code"}
TYPE_NAMES = {
    **{name: name for name in DOCUMENT_TYPES},
    **_names(
        {
            "invoice": "tax_invoice bill sales_invoice",
            "receipt": "sales_receipt",
            "credit_note": "credit credit_memo creditnote",
            "proforma": "pro_forma proforma_invoice pro_forma_invoice",
        }
    ),
}
SIGNS = {"€": "EUR", "£": "GBP", "₹": "INR", "₩": "KRW", "RM": "MYR", "RP": "IDR", "R$": "BRL", "CA$": "CAD"}
"""Signs that a single currency has."""
_LONGEST_KEPT = 60


def key_of(name: str) -> str:
    """A name of a record as the tables spell it: `Invoice Number` and `invoiceNumber` are `invoice_number`."""
    return _short_key(name) if len(name) <= _LONGEST_KEPT else _snake(name)


def _snake(name: str) -> str:
    snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    return re.sub(r"[^\w$]+|_+", "_", snake).strip("_").casefold()


_short_key = lru_cache(maxsize=4096)(_snake)  # the names of a file are the same in all its records

_Ranked = dict[str, tuple[str, int]]
"""The field that a name means, and how well it fits: 0 for today's name in today's place."""


def _ranked(block: str, names: Mapping[str, str]) -> _Ranked:
    return {
        key: (path, 0 if f"{block}.{key}".strip(".") == path else place)
        for place, (key, path) in enumerate(names.items(), start=1)
    }


RANKED = {block: _ranked(block, names) for block, names in _BLOCKS.items()}
RANKED_CELLS = _ranked("", _LINE)
