"""Words that stand beside values, in the languages of most invoices.

Only ever used to guess ahead, and to tell which of several prints of a value is meant.
"""

from __future__ import annotations

import re

_NUMBER = r"(?:\W{0,3}(?:n[or°ºu]\b|num|núm|nr|id\b|ref|#|č|code)\w*|nummer|number)"
_BILL = (
    r"(?:inv|invoice|bill|receipt|rechn?\w*|beleg|quittung|bon|fact\w*|fakt\w*|fatt\w*|fatura|"
    r"document\w*|doc|kvitt\w*|struk|nota|ricevuta|reçu|recibo|boleta|paragon|účtenka)"
)
_BUYER = (
    r"(?:bill(?:ed)?|invoiced?|sold|ship|fact\w*|fakt\w*|fatt\w*|fatur\w*)\W+(?:to|a|à|aan|an|"
    r"para|till|til)\b"
)

_SOURCES = {
    "vendor.name": r"\b(?:vendor|seller|supplier|from|issued by|verk(?:ä|a)ufer|verkoper|von|säljare|"
    r"sælger|emisor|vendedor|"
    r"fornitore|emittente|vendeur|émetteur|fournisseur|fornecedor|emitente|sprzedawca|dodavatel|"
    r"penjual|dari)\b",
    "vendor.tax_id": rf"\b(?:vat|tax|gst|sst|abn|ust\S*|st\.?-?nr|steuer|mwst|uid|tva|siret|siren|iva|"
    rf"nif|n\.i\.f|cif|rfc|"
    rf"p\.? ?iva|partita iva|cnpj|nipc|contribuinte|btw|kvk|moms|org|cvr|nip|dič|ič|npwp|ein|"
    rf"business)\b{_NUMBER}?",
    "client.name": rf"{_BUYER}|\b(?:client|customer|buyer|to|bill to|kunde|kunden|an|empf(?:ä|a)nger|"
    rf"rechnungsadresse|"
    r"klant|aan|kund|till|köpare|fakturaadress|køber|til|cliente|comprador|destinatario|intestatario|"
    r"acheteur|destinataire|"
    r"nabywca|odběratel|pelanggan|kepada|pembeli|member)\b(?!\W{0,2}(?:n[or°º]|id|num|#))",
    "invoice_number": rf"\b{_BILL}{_NUMBER}|{_NUMBER}\W{{0,2}}(?:de )?{_BILL}|\bour {_BILL}",
    "due_date": r"\bdue|payable by|pay by|fällig|zahlbar bis|éch(?:é|e)ance|venc|scad|verval|förfall|"
    r"forfald|termin|splatn|jatuh",
    "purchase_order": r"\b(?:p\.?o\.?\b|purchase order|your (?:po|order|ref)|order|bestell|"
    r"ihre? (?:bestell|auftrag)|auftrag|"
    r"commande|pedido|encomenda|ordine|bestel|er(?:t)? (?:order|ref)|zamówien|objednáv|pesanan)\S*"
    rf"{_NUMBER}?",
    "payment.iban": r"\biban\b\W*",
    "payment.terms": r"\b(?:terms|payment terms|zahlungs(?:bedingungen|ziel|konditionen)|conditions|"
    r"condiciones|condizioni|"
    r"condições|pagamento|betaling\w*|betalings\w*|betalnings?villkor|villkor|warunki|podmínky|"
    r"termin pembayaran)\b",
    "financial_summary.subtotal": r"\b(?:sub|sous)\W?(?:total|ttl)|s/total|untaxed|"
    r"net(?:to(?:betrag|wert|summe|bel\w+|bedrag)?)?\b|zwischen-?summe|warensumme|warenwert|"
    r"total ht|montant ht|hors taxes|mellansumma|mellemsum|suma netto|"
    r"base|imponibile|subtotaal|delsumma|mezisoučet|jumlah|before tax|\be(?:xc|x|ks)kl?\b|excl",
    "financial_summary.discount": r"\bdisc|rabat|nachlass|remise|escompte|descuento|dto|sconto|desconto|korting|"
    r"sleva|diskon|potongan",
    "financial_summary.shipping": r"\bship|freight|delivery (?:fee|charge)|postage|carriage|versand|"
    r"fracht|livraison|"
    r"frais de port|envío|portes|spedizione|trasporto|frete|verzend|frakt|fragt|wysyłk|doprav|ongkos|ongkir",
    "financial_summary.other_charges": r"\bserv(?:ice|\.)? ch|service\b|tip\b|gratuity|deposit|"
    r"trinkgeld|pfand|propina|"
    r"cubierto|coperto|servizio|servis",
    "financial_summary.tax": r"\b(?:vat|tax(?:es)?|gst|sst|hst|pst|mwst|ust|tva|iva|"
    r"(?:umsatz|mehrwert)?steuer(?:n|betrag|summe)?|"
    r"i\.v\.a|v\.a\.t|cuota (?:tributaria|iva)|impuestos?|igv|impost(?:[ae]|os?)|btw|belasting|tributos|"
    r"moms(?:bel\w+)?|podat\w+|dph|ppn|pb1|pajak)\b",
    "financial_summary.rounding": r"\bround|rundung|arrondi|redondeo|arrotond|afronding|avrundn|"
    r"öresavr|zaokr|pembulatan",
    "financial_summary.grand_total": r"(?<!sub)(?<!sub.)\btot|grand\W?tot|to pay|payable|amount due|gesamt|zu zahlen|"
    r"rechnungsbetrag|summe|\bgross\b|brutto\b|invoice (?:amount|value)|\bttl\b|"
    r"endbetrag|net à payer|montant|importe|a pagar|importo|te betalen|summa|att betala|at betale|"
    r"i alt|slutbeløb|eindbedrag|fakturabe\w+|factuurbedrag|valor total|razem|ogółem|"
    r"do zapłaty|celkem|k úhradě|jumlah",
    "financial_summary.amount_due": r"\b(?:balance|outstanding|amount due|still due|restbetrag|offen|"
    r"reste|saldo|restant|"
    r"openstaand|kvar|pozostało|zbývá|sisa)",
}
LABELS = {path: re.compile(source, re.IGNORECASE) for path, source in _SOURCES.items()}

SUMMARY = re.compile(
    "|".join(source for path, source in _SOURCES.items() if path.startswith("financial_summary")),
    re.IGNORECASE,
)
"""Any word that stands beside a total."""

QUANTITIES = re.compile(
    r"\b(?:qu?an?ti?t\w*|quan?t?|qn?ty|q\W?t?[aàeé]|qtde?|units|hours?|hrs|pcs|pieces|count|ordered|shipped|menge|mge?|"
    r"anz\w*|stk|stückzahl|stunden|std|cant\w*|ctd|cdad|uds|unidades|horas|nombre de|nb|aant\w*|stuks|hoeveelheid|"
    r"ant(?:al)?|mængde|kvantitet|ilość|szt|pezzi|ore|jml|banyak|kuantitas)\b",
    re.IGNORECASE,
)
"""What heads a column of quantities."""

PRICES = re.compile(
    r"price|(?<!vat )(?<!tax )(?<!gst )\brates?\b|\beach\b|\bunit cost|\bu/p\b|preis|\be\W?p\b|\bsatz\b|\bprix|"
    r"\bp\W{0,2}u\b|precio|p\W{0,2}unit|prezzo|preço|\bvl?r?\W{0,2}unit|valor unit|prijs|tarief|"
    r"\bpris|\bà-pris|\Bpris\b|\bcena|harga",
    re.IGNORECASE,
)
"""What heads a column of prices, of one unit where no `SUM` is named."""

SUM = re.compile(r"total|summe|gesamt|amount|montant|importe|importo|jumlah|razem|totaal", re.IGNORECASE)
"""What heads a column of totals of lines, also beside a word of `PRICES`: `Total price`."""

PAID = re.compile(
    r"\b(?:cash|card|visa|master\W?card|amex|debit|eftpos|tender\w*|paid|change|bar|\w*karte|girocard|gegeben|rückgeld|carte|"
    r"espèces|rendu|tarjeta|efectivo|cambio|contanti|carta|resto|cartão|dinheiro|troco|pin|contant|\w*pas|\w*kort|kontant|karta|"
    r"gotówka|reszta|hotově|tunai|kartu|kembali\w*)\b",
    re.IGNORECASE,
)
"""Words that stand beside what was paid, which often is the total once more."""

TITLES = {
    "credit_note": re.compile(
        r"credit|gutschrift|kredit|avoir|crédito|nota di credito|korekta|dobropis", re.IGNORECASE
    ),
    "proforma": re.compile(r"pro.?forma", re.IGNORECASE),
    "invoice": re.compile(r"inv|rechnung|fa[ck]tu|fattura|fatura", re.IGNORECASE),
    "receipt": re.compile(
        r"receipt|\bcash|change\b|kassen|quittung|\bbar\b|gegeben|ticket|reçu|recibo|scontrino|kassa|kvitto|"
        r"kontant|paragon|účtenka|struk|tunai|kembali|\bbill\b|efectivo",
        re.IGNORECASE,
    ),
}
"""What names a type of document, the most telling first."""
