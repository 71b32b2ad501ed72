"""Cross Industry Invoices."""

from decimal import Decimal
from xml.etree import ElementTree

from finscribe.einvoices.cii import read_cii
from tests.einvoices.files import XML

ZUGFERD_1 = """<rsm:CrossIndustryDocument xmlns:rsm="urn:rsm" xmlns:ram="urn:ram" xmlns:udt="urn:udt">
<rsm:HeaderExchangedDocument><ram:ID>R-1</ram:ID><ram:TypeCode>380</ram:TypeCode>
<ram:IssueDateTime><udt:DateTimeString format="102">20170509</udt:DateTimeString></ram:IssueDateTime>
</rsm:HeaderExchangedDocument>
<rsm:SpecifiedSupplyChainTradeTransaction>
<ram:ApplicableSupplyChainTradeAgreement>
<ram:SellerTradeParty><ram:Name>Bei Spiel GmbH</ram:Name>
<ram:PostalTradeAddress><ram:PostcodeCode>12345</ram:PostcodeCode><ram:LineOne>Ecke 12</ram:LineOne>
<ram:CityName>Stadt</ram:CityName></ram:PostalTradeAddress>
<ram:SpecifiedTaxRegistration><ram:ID schemeID="FC">22/8</ram:ID></ram:SpecifiedTaxRegistration>
<ram:SpecifiedTaxRegistration><ram:ID schemeID="VA">DE1</ram:ID></ram:SpecifiedTaxRegistration>
</ram:SellerTradeParty>
<ram:BuyerOrderReferencedDocument><ram:ID>PO-9</ram:ID></ram:BuyerOrderReferencedDocument>
</ram:ApplicableSupplyChainTradeAgreement>
<ram:ApplicableSupplyChainTradeSettlement>
<ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>
<ram:ApplicableTradeTax><ram:ApplicablePercent>7.00</ram:ApplicablePercent></ram:ApplicableTradeTax>
<ram:ApplicableTradeTax><ram:ApplicablePercent>19.00</ram:ApplicablePercent></ram:ApplicableTradeTax>
<ram:SpecifiedLogisticsServiceCharge><ram:AppliedAmount>4.00</ram:AppliedAmount></ram:SpecifiedLogisticsServiceCharge>
<ram:SpecifiedTradeSettlementMonetarySummation><ram:LineTotalAmount>10.00</ram:LineTotalAmount>
<ram:TaxTotalAmount currencyID="USD">2.00</ram:TaxTotalAmount>
<ram:TaxTotalAmount currencyID="EUR">1.80</ram:TaxTotalAmount>
<ram:GrandTotalAmount>15.80</ram:GrandTotalAmount><ram:DuePayableAmount>5.80</ram:DuePayableAmount>
</ram:SpecifiedTradeSettlementMonetarySummation>
</ram:ApplicableSupplyChainTradeSettlement>
<ram:IncludedSupplyChainTradeLineItem>
<ram:AssociatedDocumentLineDocument><ram:IncludedNote/></ram:AssociatedDocumentLineDocument>
</ram:IncludedSupplyChainTradeLineItem>
<ram:IncludedSupplyChainTradeLineItem>
<ram:AssociatedDocumentLineDocument><ram:LineStatusReasonCode>GROUP</ram:LineStatusReasonCode>
</ram:AssociatedDocumentLineDocument>
<ram:SpecifiedTradeProduct><ram:Name>Paket</ram:Name></ram:SpecifiedTradeProduct>
</ram:IncludedSupplyChainTradeLineItem>
<ram:IncludedSupplyChainTradeLineItem>
<ram:SpecifiedSupplyChainTradeAgreement><ram:NetPriceProductTradePrice><ram:ChargeAmount>5.0000</ram:ChargeAmount>
</ram:NetPriceProductTradePrice></ram:SpecifiedSupplyChainTradeAgreement>
<ram:SpecifiedSupplyChainTradeDelivery><ram:BilledQuantity unitCode="C62">2.0000</ram:BilledQuantity>
</ram:SpecifiedSupplyChainTradeDelivery>
<ram:SpecifiedSupplyChainTradeSettlement><ram:SpecifiedTradeSettlementMonetarySummation>
<ram:LineTotalAmount>10.00</ram:LineTotalAmount></ram:SpecifiedTradeSettlementMonetarySummation>
</ram:SpecifiedSupplyChainTradeSettlement>
<ram:SpecifiedTradeProduct><ram:Name>Luftballon:
  bunt</ram:Name></ram:SpecifiedTradeProduct>
</ram:IncludedSupplyChainTradeLineItem>
</rsm:SpecifiedSupplyChainTradeTransaction></rsm:CrossIndustryDocument>"""


def test_the_first_zugferd_is_read_like_its_successors() -> None:
    claims = read_cii(ElementTree.fromstring(ZUGFERD_1))
    assert claims.header["invoice_number"] == ("R-1",)
    assert claims.header["invoice_date"] == ("2017-05-09",)
    assert claims.header["purchase_order"] == ("PO-9",)
    assert claims.header["vendor.tax_id"] == ("DE1", "22/8")
    assert claims.header["vendor.address"][0] == "Ecke 12, 12345 Stadt"
    assert claims.header["financial_summary.tax_rate"] == (None,)
    assert claims.header["financial_summary.tax_amount"] == (Decimal("1.80"),)
    assert claims.header["financial_summary.shipping"] == (Decimal("4.00"),)
    assert claims.header["financial_summary.amount_due"] == (Decimal("5.80"),)
    assert "client.name" not in claims.header
    assert "financial_summary.discount" not in claims.header


def test_the_order_is_that_of_the_document_and_not_that_of_a_line_before_it() -> None:
    order = "<ram:BuyerOrderReferencedDocument>{}</ram:BuyerOrderReferencedDocument>"
    of_line = order.format("<ram:IssuerAssignedID>PO-1</ram:IssuerAssignedID><ram:LineID>3</ram:LineID>")
    of_document = order.format("<ram:IssuerAssignedID>PO-2</ram:IssuerAssignedID>")
    line, header = "<ram:SpecifiedLineTradeAgreement>", "<ram:ApplicableHeaderTradeAgreement>"
    xml = XML.replace(line, line + of_line)
    assert "purchase_order" not in read_cii(ElementTree.fromstring(xml)).header
    claims = read_cii(ElementTree.fromstring(xml.replace(header, header + of_document)))
    assert claims.header["purchase_order"] == ("PO-2",)


def test_lines_that_only_comment_or_group_are_left_out() -> None:
    claims = read_cii(ElementTree.fromstring(ZUGFERD_1))
    assert claims.lines == (
        {
            "desc": ("Luftballon: bunt",),
            "qty": (Decimal("2.0000"),),
            "unit_price": (Decimal("5.0000"),),
            "line_total": (Decimal("10.00"),),
        },
    )
