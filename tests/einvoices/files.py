"""A page, the XML that says the same, and PDFs of both."""

import io
from collections.abc import Sequence

import pypdfium2
from reportlab.pdfgen import canvas

PAGE = (
    "ACME SARL",
    "1 Rue du Lac",
    "75001 Paris",
    "TVA FR11123456782",
    "Facture F-1 du 31/01/2024",
    "Widget bleu     2   5,00   10,00",
    "Remise  -1,00",
    "TVA 20%  1,80",
    "Total EUR 10,80",
    "Acompte 0,80   Net à payer 10,00",
)
XML = """<?xml version="1.0" encoding="UTF-8"?>
<rsm:CrossIndustryInvoice xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"
 xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"
 xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100">
<rsm:ExchangedDocumentContext><ram:GuidelineSpecifiedDocumentContextParameter>
<ram:ID>urn:cen.eu:en16931:2017</ram:ID></ram:GuidelineSpecifiedDocumentContextParameter></rsm:ExchangedDocumentContext>
<rsm:ExchangedDocument><ram:ID>F-1</ram:ID><ram:TypeCode>380</ram:TypeCode><ram:IssueDateTime>
<udt:DateTimeString format="102">20240131</udt:DateTimeString></ram:IssueDateTime></rsm:ExchangedDocument>
<rsm:SupplyChainTradeTransaction>
<ram:IncludedSupplyChainTradeLineItem>
<ram:SpecifiedTradeProduct><ram:Name>Widget bleu</ram:Name></ram:SpecifiedTradeProduct>
<ram:SpecifiedLineTradeAgreement><ram:NetPriceProductTradePrice><ram:ChargeAmount>5.0000</ram:ChargeAmount>
</ram:NetPriceProductTradePrice></ram:SpecifiedLineTradeAgreement>
<ram:SpecifiedLineTradeDelivery><ram:BilledQuantity unitCode="C62">2.0000</ram:BilledQuantity>
</ram:SpecifiedLineTradeDelivery>
<ram:SpecifiedLineTradeSettlement><ram:SpecifiedTradeSettlementLineMonetarySummation>
<ram:LineTotalAmount>10.00</ram:LineTotalAmount></ram:SpecifiedTradeSettlementLineMonetarySummation>
</ram:SpecifiedLineTradeSettlement></ram:IncludedSupplyChainTradeLineItem>
<ram:ApplicableHeaderTradeAgreement><ram:SellerTradeParty><ram:Name>ACME SARL</ram:Name>
<ram:PostalTradeAddress><ram:PostcodeCode>75001</ram:PostcodeCode><ram:LineOne>1 Rue du Lac</ram:LineOne>
<ram:CityName>Paris</ram:CityName><ram:CountryID>FR</ram:CountryID></ram:PostalTradeAddress>
<ram:SpecifiedTaxRegistration><ram:ID schemeID="VA">FR11123456782</ram:ID></ram:SpecifiedTaxRegistration>
</ram:SellerTradeParty><ram:BuyerTradeParty><ram:Name>Not on the page</ram:Name></ram:BuyerTradeParty>
</ram:ApplicableHeaderTradeAgreement>
<ram:ApplicableHeaderTradeDelivery/>
<ram:ApplicableHeaderTradeSettlement><ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>
<ram:ApplicableTradeTax><ram:RateApplicablePercent>20.00</ram:RateApplicablePercent></ram:ApplicableTradeTax>
<ram:SpecifiedTradeAllowanceCharge><ram:ChargeIndicator><udt:Indicator>false</udt:Indicator></ram:ChargeIndicator>
<ram:ActualAmount>1.00</ram:ActualAmount></ram:SpecifiedTradeAllowanceCharge>
<ram:SpecifiedTradeSettlementHeaderMonetarySummation><ram:LineTotalAmount>10.00</ram:LineTotalAmount>
<ram:TaxBasisTotalAmount>9.00</ram:TaxBasisTotalAmount><ram:TaxTotalAmount currencyID="EUR">1.80</ram:TaxTotalAmount>
<ram:GrandTotalAmount>10.80</ram:GrandTotalAmount><ram:TotalPrepaidAmount>0.80</ram:TotalPrepaidAmount>
<ram:DuePayableAmount>10.00</ram:DuePayableAmount></ram:SpecifiedTradeSettlementHeaderMonetarySummation>
</ram:ApplicableHeaderTradeSettlement></rsm:SupplyChainTradeTransaction></rsm:CrossIndustryInvoice>"""


def draw(lines: Sequence[str] = PAGE) -> bytes:
    buffer = io.BytesIO()
    page = canvas.Canvas(buffer, pagesize=(400, 400), invariant=True)
    for number, line in enumerate(lines):
        page.drawString(20, 370 - 20 * number, line)
    page.save()
    return buffer.getvalue()


def attach(pdf: bytes, files: dict[str, str | bytes]) -> bytes:
    """The PDF with files as plain attachments, whatever they hold."""
    document, buffer = pypdfium2.PdfDocument(pdf), io.BytesIO()
    for name, data in files.items():
        document.new_attachment(name).set_data(data.encode() if isinstance(data, str) else data)
    document.save(buffer)
    document.close()
    return buffer.getvalue()


def einvoice(xml: str = XML) -> bytes:
    """The page with its XML inside."""
    return attach(draw(), {"factur-x.xml": xml})
