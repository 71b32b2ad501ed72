"""UBL invoices."""

from decimal import Decimal
from xml.etree import ElementTree

from finscribe.einvoices.ubl import read_ubl

CREDIT_NOTE = """<CreditNote xmlns="urn:cn" xmlns:a="urn:cac" xmlns:b="urn:cbc">
<b:ID>CN-1</b:ID><b:IssueDate>2024-01-31</b:IssueDate><b:CreditNoteTypeCode>381</b:CreditNoteTypeCode>
<b:DocumentCurrencyCode>EUR</b:DocumentCurrencyCode><a:OrderReference><b:ID>PO-9</b:ID></a:OrderReference>
<a:AccountingSupplierParty><a:Party><a:PartyName><b:Name>ACME</b:Name></a:PartyName>
<a:PostalAddress><b:StreetName>1 Quay</b:StreetName><b:CityName>Gent</b:CityName><b:PostalZone>9000</b:PostalZone>
</a:PostalAddress><a:PartyTaxScheme><b:CompanyID>BE1</b:CompanyID></a:PartyTaxScheme>
<a:PartyLegalEntity><b:RegistrationName>ACME NV</b:RegistrationName></a:PartyLegalEntity></a:Party>
</a:AccountingSupplierParty>
<a:PaymentMeans><a:PayeeFinancialAccount><b:ID>BE68539007547034</b:ID></a:PayeeFinancialAccount></a:PaymentMeans>
<a:AllowanceCharge><b:ChargeIndicator>false</b:ChargeIndicator><b:Amount>2.00</b:Amount></a:AllowanceCharge>
<a:TaxTotal><b:TaxAmount>1.68</b:TaxAmount><a:TaxSubtotal><a:TaxCategory><b:Percent>21</b:Percent></a:TaxCategory>
</a:TaxSubtotal></a:TaxTotal>
<a:LegalMonetaryTotal><b:LineExtensionAmount>10.00</b:LineExtensionAmount>
<b:TaxInclusiveAmount>9.68</b:TaxInclusiveAmount><b:PayableAmount>9.68</b:PayableAmount></a:LegalMonetaryTotal>
<a:CreditNoteLine><b:CreditedQuantity>2</b:CreditedQuantity><b:LineExtensionAmount>10.00</b:LineExtensionAmount>
<a:Item><b:Name>Widget</b:Name></a:Item><a:Price><b:PriceAmount>5.00</b:PriceAmount></a:Price></a:CreditNoteLine>
</CreditNote>"""


def test_a_credit_note_is_read() -> None:
    claims = read_ubl(ElementTree.fromstring(CREDIT_NOTE))
    assert claims.header == {
        "document_type": ("credit_note",),
        "vendor.name": ("ACME NV", "ACME"),
        "vendor.address": ("1 Quay, 9000 Gent", "1 Quay, Gent 9000"),
        "vendor.tax_id": ("BE1",),
        "invoice_number": ("CN-1",),
        "invoice_date": ("2024-01-31",),
        "purchase_order": ("PO-9",),
        "currency": ("EUR",),
        "payment.iban": ("BE68539007547034",),
        "financial_summary.subtotal": (Decimal("10.00"),),
        "financial_summary.tax_rate": (Decimal("0.21"),),
        "financial_summary.tax_amount": (Decimal("1.68"),),
        "financial_summary.grand_total": (Decimal("9.68"),),
        "financial_summary.discount": (Decimal("2.00"),),
    }
    assert claims.lines == (
        {
            "desc": ("Widget",),
            "qty": (Decimal(2),),
            "unit_price": (Decimal("5.00"),),
            "line_total": (Decimal("10.00"),),
        },
    )


def test_a_price_may_be_that_of_several_and_the_tax_in_another_currency_too() -> None:
    xml = CREDIT_NOTE.replace(
        "</b:PriceAmount>", "</b:PriceAmount><b:BaseQuantity>100</b:BaseQuantity>"
    ).replace(
        "<a:TaxTotal>",
        '<a:TaxTotal><b:TaxAmount currencyID="SEK">19.00</b:TaxAmount></a:TaxTotal><a:TaxTotal>',
        1,
    )
    claims = read_ubl(ElementTree.fromstring(xml))
    assert claims.header["financial_summary.tax_amount"] == (Decimal("1.68"),)
    assert claims.lines[0]["unit_price"] == (Decimal("5.00"), Decimal("0.05"))
