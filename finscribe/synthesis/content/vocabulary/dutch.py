"""The words of Dutch finance documents: labels, months, trades and products."""

WORDS = """
invoice: FACTUUR|Factuur|Verkoopfactuur
receipt: KASSABON|Bon|Kwitantie|BON
credit_note: CREDITNOTA|Creditfactuur|Creditnota
proforma: PROFORMA FACTUUR|Proforma|Pro-forma factuur
invoice_no: Factuurnummer|Factuurnr.|Factuur nr|Factuur|Factuur-nr.
receipt_no: Bonnr.|Bonnummer|Bon|Kassabon nr.
credit_no: Creditnota nr.|Creditnummer
proforma_no: Proforma nr.
date: Datum|Factuurdatum|Datum factuur|d.d.
receipt_date: Datum|DATUM
due: Vervaldatum|Te betalen voor|Uiterste betaaldatum|Vervalt op
po: Inkooporder|Uw bestelnummer|Uw ordernr.|Bestelnummer
from: Van|Leverancier|Verkoper
to: Aan|Klant|Factuuradres|Debiteur|Factuur aan|T.a.v.
ship_to: Afleveradres|Verzenden naar|Leveradres
address: Adres
subtotal: Subtotaal|Totaal excl. BTW|Netto|Netto bedrag|Bedrag excl. btw
gross_subtotal: Subtotaal|SUBTOTAAL
discount: Korting|KORTING|Bonus|Uw voordeel
shipping: Verzendkosten|Verzending|Bezorgkosten|Vracht
service: Servicekosten|Fooi|Toeslag|Statiegeld|Administratiekosten|Emballage
rounding: Afronding|Afronden
total: Totaal|TOTAAL|Totaalbedrag|Te betalen|Totaal te betalen|Factuurbedrag
total_incl: Totaal incl. {tax}|Totaal incl. {rate} {tax}|TOTAAL INCL. {tax}
rounded: Totaal afgerond
due_amount: Openstaand bedrag|Nog te betalen|Restant|Openstaand saldo
paid: Aanbetaling|Reeds betaald|Voldaan
cash: Contant|CONTANT|Ontvangen
change: Terug|Wisselgeld|TERUG
card: PIN|Pinnen|Betaalpas|MAESTRO
qty: Aantal|Aant.|Stuks
desc: Omschrijving|Artikel|Beschrijving|Product
disc: Korting|Krt.|Korting %
price: Prijs|Stukprijs|Prijs p/st|Tarief
amount: Bedrag|Totaal|BEDRAG
code: Art.nr.|Artikelnr.
unit: Eenheid|Ehd
pos: Nr|Regel
units: st|stuks|uur|kg|m|doos
tax_total: Totaal {tax}|{tax} bedrag
taxable: Grondslag|Over
included: Inclusief {tax}|waarvan {tax}|incl. {tax}
bank: Bank
holder: Rekeninghouder|Begunstigde|T.n.v.|Ten name van
terms: Betalingstermijn|Betalingsconditie|Betaling
term_values: 14 dagen|30 dagen netto|Binnen {n} dagen|{n} dagen na factuurdatum|Contant|Direct te voldoen
phone: Tel|Telefoon|Tel.
thanks: Bedankt en tot ziens|Hartelijk dank voor uw bestelling|Ruilen binnen {n} dagen met bon|
    Fijne dag verder
page: Pagina|Blad
customer_no: Klantnummer|Debiteurnr.|Klantnr.
order_no: Ordernummer|Offerte|Pakbon|Referentie|Uw kenmerk
delivery: Leverdatum|Orderdatum|Periode
cashier: Kassier|U bent geholpen door|Medewerker
table: Tafel|Kassa|Filiaal|Terminal
reg: KvK|KVK-nummer
currency: Valuta
count: Aantal artikelen|Artikelen
continued: Transport|Vervolg
months: januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december
months_short: jan|feb|mrt|apr|mei|jun|jul|aug|sep|okt|nov|dec
weekdays: ma|di|wo|do|vr|za|zo
trades: Bakkerij|Slagerij|Techniek|Bouw|Transport|Boekhandel|Installatie|Advies|Groothandel|Bloemen|
    Slijterij|Kaashandel|Visserij|Café|Restaurant|Snackbar|Hotel|Garage|Banden|Taxi|Timmerbedrijf|
    Loodgieters|Schilders|Tuincentrum|Kwekerij|Kantoorartikelen|Juwelier|Optiek|Schoenen|Speelgoed|
    Kapsalon|Wasserij|Schoonmaak|Verzekeringen|Verhuur|Reizen|Makelaardij|Architecten|Advocaten|
    Accountants|Software|Energie|Drukkerij|Opleidingen|Handelsonderneming|Diensten|Meubelen|Apotheek|
    Supermarkt|Machines
products: kabel|lamp|filter|papier|brood|koffie|schroef|buis|onderhoud|uur|montage|kaas|bier|licentie|
    schoonmaak|hout|verf|groot|klein|rood|onderdelen|doos|advies|appel|peer|aardappel|tomaat|ui|sla|melk|
    boter|yoghurt|ei|meel|suiker|zout|honing|rijst|pasta|vlees|ham|worst|vis|soep|friet|taart|ijs|thee|
    water|sap|wijn|limonade|zeep|kaars|gloeilamp|stekker|lader|toetsenbord|scherm|printer|inkt|envelop|
    map|pen|schrift|stoel|tafel|kast|spiegel|tapijt|gordijn|jas|broek|schoenen|overhemd|hamer|boor|zaag|
    spijker|moer|klep|pomp|lijm|cement|baksteen|tegel|zand|touw|ketting|band|rem|huur|dag|nacht|kamer|
    ontbijt|reis|kaartje|contributie|cursus|reparatie|keuring|rapport|vertaling|foto's|abonnement|
    materiaal|verpakking|olie|olijf|chocolade|dubbel|groen|zwart|wit|met|en|van|zonder
common: molen|bos|berg|dal|rivier|meer|zee|eiland|brug|toren|kasteel|dorp|hoek|markt|plein|haven|poort|
    tuin|weide|eik|linde|den|roos|lelie|ster|zon|maan|hemel|wolk|wind|vuur|steen|ijzer|zilver|goud|parel|
    leeuw|beer|wolf|vos|adelaar|zwaan|hert|paard|bij|koning|koningin|huis|hof|keuken|tafel|brood|honing|
    peper|kers|druif|droom|geluk|wereld|punt|golf|licht|noord|zuid|oost|west|nieuwe|oude|grote|rode|
    blauwe|groene|witte|gouden
names: de {common}|het {common}|in de {common}|'t {common}|{trade} de {common}|{trade} {last}|
    {trade} {city}|{trade} van {last}|de {common} {common}|{common} en {common}|gebroeders {last}|
    {last} & zonen|bij {first}|{common}{trade}|{common}.nl|{trade} en {trade}
branches: Filiaal {city}|Filiaal ###|Vestiging {city}
refs: Contractnr.|Projectnr.|Kostenplaats|Uw referentie|Pakbonnr.|Leveranciersnr.|GLN|OIN|Dossier|Meternummer|
    Boekingsref.|KvK
name_key: Naam|Bedrijf|Bedrijfsnaam
contact: Contactpersoon|Contact|T.a.v.
email_key: E-mail|Mail
number_key: Nummer|Nr.|ID
charges_sum: Totaal toeslagen|Toeslagen
allowances_sum: Totaal kortingen|Kortingen
premises: Winkelcentrum {word}|Luchthaven {city}|Station {city}|Passage {word}|Terminal #|{word} Plaza
related: Oorspronkelijke factuur|Gerelateerde factuur|Vorige factuur nr.|Betreft factuur
share_of: van|over
base: Per|Prijseenheid|Basisaantal
adjustment: Korting/toeslag|+/-
rate_key: Tarief|Btw %|%
other_party: Fiscaal vertegenwoordiger|Vervoerder|Tussenpersoon|Fabrikant|Magazijn|Verzekeraar|Onderaannemer|
    Werkadres
seller: Verkoper|Leverancier|Opdrachtnemer|Dienstverlener
buyer: Koper|Afnemer|Opdrachtgever|Besteller|Klantadres
titles: Voorschotfactuur|Eindfactuur|Verzamelfactuur|Termijnfactuur|Huurfactuur|Handelsfactuur
of_day: van|d.d.
to_pay: Te betalen|Te voldoen|Te betalen bedrag|Netto te betalen
remarks: Opmerkingen|Betalingsvoorwaarden|Toelichting
item_note: Uw artikelnr. {no}|Art. leverancier {no}|Batch {no}, THT {day}|EAN {no}|Periode {day} - {day}|
    Serienr. {no}|adviesprijs {sum}|per {n} stuks|Herkomst: {city}|Pakbon {no} van {day}|order {no} regel {n}
prose: Geleverd in {city} op {day}, pakbon {no}.|Vermeld bij betaling {no}.|
    Bij te late betaling rekenen wij {n}% rente en {sum} kosten.|
    Deze factuur betreft de overeenkomst met {client} van {day}.|KvK {city} {no}|
    Bij betaling voor {day} {n}% korting: {sum}|Directie: {person}, {person}|
    Goederen blijven eigendom van {vendor} tot volledige betaling.|Vragen? Bel {person}, {no}|
    Uitgevoerd van {day} tot {day}.|Uw vorige saldo was {sum}.
pay_by: Gelieve te betalen vóór {due}.|Te voldoen uiterlijk op {due}
pay_to: Graag overmaken op {iban} t.n.v. {vendor}.|Gelieve het bedrag te storten op rekening {iban}.|
    Wij ontvangen het bedrag graag op {iban}, met vermelding van {no}.
usual_price: van|Normale prijs
saved: Bespaard|U bespaart
line_sum: Regeltotaal|Som van de regels|Goederenwaarde|Totaal regels
net_sum: Totaal zonder {tax}|Netto totaal|Grondslag totaal|Factuurbedrag excl. {tax}
gross_sum: Totaal met {tax}|Bruto totaal|Factuurbedrag incl. {tax}|Factuurtotaal
list_price: Adviesprijs|Brutoprijs|Catalogusprijs
net_price: Nettoprijs|Uw prijs|Prijs netto
measures: st|stuk|uur|u|kg|doos|m|m²|kWh|dagen|l|maand|set|paar
greeting: Geachte heer, mevrouw,|Geachte heer {last},|Beste {person},|Geachte klant,
letter: Voor onze diensten brengen wij in rekening:|Dank voor uw bestelling van {day}.|
    Over de periode {day} tot {day} berekenen wij:|Geleverd met pakbon {no}:|Zoals afgesproken met {person}:
closing: Met vriendelijke groet|Hoogachtend|Met vriendelijke groeten
till_total: TE BETALEN|Te betalen|Totaal te voldoen|** TOTAAL **|Af te rekenen
slip: BETALING|Bedrag|Pinbetaling|Transactie|AKKOORD
promotion: Geef uw mening op www.{word}.nl|U had {n} punten kunnen sparen|Bon {no} geldig tot {day}|
    Bespaar {sum} bij uw volgende bezoek|Open van 8:00 tot 20:00|Volg ons: {word}
ordered: Uw bestelling {po}|Uw order {po} d.d. {day}|Betreft: uw bestelling {po}
dated_at: {city}, {day}|{city}, d.d. {day}
addressed: Aan|T.a.v. de administratie
honorifics: Dhr.|Mevr.|De heer|Mevrouw
"""

MORE = """
tax_total: {tax}-bedrag|Bedrag {tax}|Belasting|Totaal belasting|{tax} totaal
subtotal: Totaal netto|Nettobedrag|Goederentotaal
gross_subtotal: Totaal artikelen|Sub-totaal|Tussentotaal
total: Eindtotaal|Eindbedrag|Totaal inclusief {tax}|Totaal factuur|Factuurtotaal|
    Bedrag incl. {tax}
discount: Kortingen|Actiekorting|Kwantumkorting|Klantkorting
shipping: Transportkosten|Levering|Vrachtkosten|Porto
invoice_no: Factuur nummer|Documentnummer|Nummer|Factuur no.|Fact.nr.
date: Datum van de factuur|Documentdatum|Opgesteld op|Fact.datum
due: Betalen voor|Te voldoen voor|Uiterlijk
po: Uw order|Bestelling|Ordernr. klant
qty: Hoeveelheid|Aantal st.|St.
desc: Artikelomschrijving|Dienst|Naam|Werkzaamheden|Specificatie
price: Prijs excl.|Prijs per stuk|Nettoprijs|Eenheidsprijs|P/st
amount: Nettobedrag|Totaal excl.|Regelbedrag|Netto
iban: Rekening|Rekeningnummer|Bankrekening|IBAN-nummer
service: Orderkosten|Brandstoftoeslag
to: Gefactureerd aan|Klantgegevens|Afnemer|Gast
from: Afzender|Verkocht door|Begunstigde
term_values: Betaling binnen {n} dagen na factuurdatum|Betalingstermijn {n} dagen|Te betalen binnen {n} dagen|
    Automatische incasso
"""
