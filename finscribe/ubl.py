"""An invoice as UBL 2.1 (ISO/IEC 19845), or what it lacks to be one.

Nothing is made up: what is needed has to be printed, and what is printed has to add up. What is written keeps to the
schemas of OASIS. What national profiles ask for beyond (an address's country, a buyer's electronic address, units) is
in no invoice of ours.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TypeAlias
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from finscribe.invoice import LINES, Invoice, LineItem, cell_path, write_value

_URN = "urn:oasis:names:specification:ubl:schema:xsd"
_CBC, _CAC = f"{_URN}:CommonBasicComponents-2", f"{_URN}:CommonAggregateComponents-2"
for _prefix, _space in {
    "cbc": _CBC,
    "cac": _CAC,
    "invoice": f"{_URN}:Invoice-2",
    "credit": f"{_URN}:CreditNote-2",
}.items():
    ElementTree.register_namespace(_prefix, _space)
_ZERO, _CENT = Decimal(0), Decimal("0.01")
_CREDIT_TRANSFER = "30"  # of the code list UNCL4461
_STANDARD_RATE, _ZERO_RATE = "S", "Z"  # of UNCL5305

Children: TypeAlias = "list[Element | None]"


@dataclass(frozen=True, slots=True)
class _Form:
    """What an invoice and a credit note call the same things; the code is of UNCL1001."""

    name: str
    code: str
    quantity: str
    sign: int = 1
    """-1 for a credit note that is printed with negative amounts: UBL says what is credited, positive."""


_FORMS = {
    "invoice": _Form("Invoice", "380", "InvoicedQuantity"),
    "credit_note": _Form("CreditNote", "381", "CreditedQuantity"),
}
_NEEDED = (
    "invoice_number",
    "invoice_date",
    "currency",
    "vendor.name",
    "client.name",
    "financial_summary.grand_total",
)


def missing(invoice: Invoice) -> list[str]:
    """What an invoice lacks to be written as UBL, each beginning with its field; empty where it lacks nothing."""
    lacks = [] if invoice.document_type in _FORMS else [_wrong_kind(invoice.document_type)]
    values = invoice.values()
    lacks += [f"{path}: is not printed" for path in _NEEDED if values[path] in (None, "")]
    if not invoice.line_items:
        lacks.append(f"{LINES}: there is none")
    for row, line in enumerate(invoice.line_items):
        lacking = [cell for cell in ("desc", "line_total") if getattr(line, cell) in (None, "")]
        lacks += [f"{cell_path(row, cell)}: is not printed" for cell in lacking]
    return lacks or list(_wrong_sums(_Sums.of(invoice).times(_form(invoice).sign)))


def write_ubl(invoice: Invoice) -> bytes:
    """The XML, in UTF-8; raises `ValueError` for an invoice that lacks something."""
    if lacks := missing(invoice):
        raise ValueError("; ".join(lacks))
    root = _document(invoice, _form(invoice))
    ElementTree.indent(root)
    written: bytes = ElementTree.tostring(root, "utf-8", xml_declaration=True)
    return written + b"\n"


def _wrong_kind(kind: str | None) -> str:
    return f"document_type: is {kind or 'not known'}, and UBL is written for invoices and credit notes"


def _form(invoice: Invoice) -> _Form:
    form = _FORMS[str(invoice.document_type)]
    total = invoice.financial_summary.grand_total or _ZERO
    negative = invoice.document_type == "credit_note" and total < 0
    return _Form(form.name, form.code, form.quantity, -1) if negative else form


# --- sums --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Sums:
    """The amounts of an invoice, 0 for what it does not print."""

    lines: Decimal
    discount: Decimal
    charges: Decimal
    tax: Decimal
    rounding: Decimal
    total: Decimal
    due: Decimal

    @classmethod
    def of(cls, invoice: Invoice) -> _Sums:
        found = invoice.financial_summary
        total = found.grand_total or _ZERO
        return cls(
            lines=sum((line.line_total or _ZERO for line in invoice.line_items), _ZERO),
            discount=found.discount or _ZERO,
            charges=(found.shipping or _ZERO) + (found.other_charges or _ZERO),
            tax=found.tax_amount or _ZERO,
            rounding=found.rounding or _ZERO,
            total=total,
            due=total if found.amount_due is None else found.amount_due,
        )

    def times(self, sign: int) -> _Sums:
        """The same, of a document whose amounts are printed with the other sign where `sign` is -1.

        A discount is taken off towards nothing, and something is due in the direction of the total, each with a sign
        of its own or none.
        """
        if sign > 0:
            return self
        turned = _Sums(*(-getattr(self, name) for name in self.__slots__))
        return replace(turned, discount=abs(self.discount), due=abs(self.due))

    @property
    def without_tax(self) -> Decimal:
        return self.lines - self.discount + self.charges

    @property
    def with_tax(self) -> Decimal:
        return self.without_tax + self.tax


def _wrong_sums(sums: _Sums) -> Iterator[str]:
    """What a receiver's program would refuse: it adds up lines without tax, and the tax comes on top."""
    total = sums.with_tax + sums.rounding
    if total != sums.total:
        parts = "lines, discount, charges, tax and rounding"
        yield f"financial_summary.grand_total: is {sums.total}, and {parts} make {total}"
    if not min(_ZERO, sums.total) <= sums.due <= max(_ZERO, sums.total):
        yield f"financial_summary.amount_due: is {sums.due}, which is no part of the total, {sums.total}"


def _rate(invoice: Invoice, sums: _Sums) -> Decimal | None:
    """The one rate of a document; None where it prints none, or several, or one that does not make its tax."""
    rate = invoice.financial_summary.tax_rate
    if rate is None:
        return None
    unit = Decimal(1).scaleb(min(0, int((sums.tax + sums.total).as_tuple().exponent)))
    by_line = unit * (len(invoice.line_items) + 1) / 2  # taxes may be rounded line by line
    allowed = max(unit, min(by_line, abs(sums.tax) / 4))
    return rate if abs(sums.without_tax * rate - sums.tax) <= allowed else None


# --- the document ------------------------------------------------------------------------------------


def _document(invoice: Invoice, form: _Form) -> Element:
    """All elements in the order of the schema."""
    sums, currency = _Sums.of(invoice).times(form.sign), str(invoice.currency)
    rate = _rate(invoice, sums)
    adjustments = _adjustments(invoice, form.sign)
    is_credit = form.name == "CreditNote"
    children: Children = [
        _text("UBLVersionID", "2.1"),
        _text("ID", invoice.invoice_number),
        _text("IssueDate", invoice.invoice_date),
        None if is_credit else _text("DueDate", invoice.due_date),
        _text(f"{form.name}TypeCode", form.code),
        _text("DocumentCurrencyCode", currency),
        _group("OrderReference", [_text("ID", invoice.purchase_order)]),
        _group("AccountingSupplierParty", [_vendor(invoice)]),
        _group("AccountingCustomerParty", [_party(invoice.client.name, invoice.client.address, tax_id=None)]),
        _means(invoice, due_date=invoice.due_date if is_credit else None),
        _group("PaymentTerms", [_text("Note", invoice.payment.terms)]),
        *(_allowance_or_charge(reason, amount, currency) for reason, amount in adjustments.items()),
        _tax_total(sums, rate, currency) if invoice.financial_summary.tax_amount is not None else None,
        _totals(sums, adjustments.values(), currency),
        *(_line(invoice, row, form, rate) for row in range(len(invoice.line_items))),
    ]
    return _filled(Element(f"{{{_URN}:{form.name}-2}}{form.name}"), children)


def _vendor(invoice: Invoice) -> Element | None:
    return _party(invoice.vendor.name, invoice.vendor.address, tax_id=invoice.vendor.tax_id)


def _party(name: str | None, address: str | None, *, tax_id: str | None) -> Element | None:
    lines = [_group("AddressLine", [_text("Line", address)])]
    tax = [_text("CompanyID", tax_id), _tax_scheme()] if tax_id else []
    return _group(
        "Party",
        [
            _group("PartyName", [_text("Name", name)]),
            _group("PostalAddress", lines),
            _group("PartyTaxScheme", tax),
            _group("PartyLegalEntity", [_text("RegistrationName", name)]),
        ],
    )


def _means(invoice: Invoice, due_date: str | None) -> Element | None:
    """How and until when to pay; a credit note has no other place for its date."""
    if not (invoice.payment.iban or due_date):
        return None
    account = _group("PayeeFinancialAccount", [_text("ID", invoice.payment.iban)])
    return _group(
        "PaymentMeans",
        [_text("PaymentMeansCode", _CREDIT_TRANSFER), _text("PaymentDueDate", due_date), account],
    )


def _adjustments(invoice: Invoice, sign: int) -> dict[str, Decimal]:
    """What is added to the lines before tax, by its reason; a discount is negative."""
    found = invoice.financial_summary
    discount = found.discount or _ZERO
    amounts = {
        "Discount": -abs(discount) if sign < 0 else -discount,
        "Shipping": sign * (found.shipping or _ZERO),
        "Other charges": sign * (found.other_charges or _ZERO),
    }
    return {reason: amount for reason, amount in amounts.items() if amount}


def _allowance_or_charge(reason: str, amount: Decimal, currency: str) -> Element | None:
    added = _text("ChargeIndicator", "true" if amount > 0 else "false")
    return _group(
        "AllowanceCharge",
        [added, _text("AllowanceChargeReason", reason), _amount("Amount", abs(amount), currency)],
    )


def _tax_total(sums: _Sums, rate: Decimal | None, currency: str) -> Element | None:
    category = _category("TaxCategory", rate)
    parts = [_amount("TaxableAmount", sums.without_tax, currency), _amount("TaxAmount", sums.tax, currency)]
    subtotal = _group("TaxSubtotal", [*parts, category]) if category is not None else None
    return _group("TaxTotal", [_amount("TaxAmount", sums.tax, currency), subtotal])


def _category(name: str, rate: Decimal | None) -> Element | None:
    if rate is None:
        return None
    percent = _text("Percent", write_value((rate * 100).normalize()))
    return _group(name, [_text("ID", _STANDARD_RATE if rate else _ZERO_RATE), percent, _tax_scheme()])


def _tax_scheme() -> Element | None:
    return _group("TaxScheme", [_text("ID", "VAT")])


def _totals(sums: _Sums, adjustments: Collection[Decimal], currency: str) -> Element | None:
    amounts = {
        "LineExtensionAmount": sums.lines,
        "TaxExclusiveAmount": sums.without_tax,
        "TaxInclusiveAmount": sums.with_tax,
        "AllowanceTotalAmount": -sum((each for each in adjustments if each < 0), _ZERO) or None,
        "ChargeTotalAmount": sum((each for each in adjustments if each > 0), _ZERO) or None,
        "PrepaidAmount": sums.total - sums.due or None,
        "PayableRoundingAmount": sums.rounding or None,
        "PayableAmount": sums.due,
    }
    return _group("LegalMonetaryTotal", [_amount(name, amount, currency) for name, amount in amounts.items()])


def _line(invoice: Invoice, row: int, form: _Form, rate: Decimal | None) -> Element | None:
    item, currency = invoice.line_items[row], str(invoice.currency)
    total = form.sign * (item.line_total or _ZERO)
    quantity, price = _quantity_and_price(item, total)
    named = [_text("Name", item.desc), _category("ClassifiedTaxCategory", rate)]
    return _group(
        f"{form.name}Line",
        [
            _text("ID", str(row + 1)),
            _text(form.quantity, None if quantity is None else write_value(quantity)),
            _amount("LineExtensionAmount", total, currency),
            _group("Item", named),
            _group("Price", [_amount("PriceAmount", price, currency)]),
        ],
    )


def _quantity_and_price(item: LineItem, total: Decimal) -> tuple[Decimal | None, Decimal | None]:
    """Prices are never negative in UBL: the quantity has the sign. A price of which no total comes is left out."""
    if item.qty is None:
        return None, None
    quantity = abs(item.qty) if total >= 0 else -abs(item.qty)
    price = None if item.unit_price is None else abs(item.unit_price)
    fits = price is not None and abs(quantity * price - total) < _CENT
    return quantity, price if fits else None


# --- elements ----------------------------------------------------------------------------------------


def _text(name: str, text: str | None, **attributes: str) -> Element | None:
    """An element with text; None where there is none."""
    if text is None:
        return None
    element = Element(f"{{{_CBC}}}{name}", attributes)
    element.text = "".join(char for char in text if _may_be_in_xml(char))
    return element


def _amount(name: str, amount: Decimal | None, currency: str) -> Element | None:
    return _text(name, None if amount is None else write_value(amount), currencyID=currency)


def _group(name: str, children: Children) -> Element | None:
    """An element with children; None where none of them is there."""
    if all(child is None for child in children):
        return None
    return _filled(Element(f"{{{_CAC}}}{name}"), children)


def _filled(element: Element, children: Children) -> Element:
    element.extend(child for child in children if child is not None)
    return element


def _may_be_in_xml(char: str) -> bool:
    return char in "\t\n\r" or " " <= char <= "\ud7ff" or "\ue000" <= char <= "\ufffd" or char > "\uffff"
