"""The words of Danish finance documents: labels, months, trades and products."""

WORDS = """
invoice: FAKTURA|Faktura|Regning
receipt: KVITTERING|Kvittering|Bon|KASSEBON
credit_note: KREDITNOTA|Kreditnota
proforma: PROFORMAFAKTURA|Proforma faktura
invoice_no: Fakturanummer|Fakturanr.|Faktura nr.|Faktura
receipt_no: Bonnr.|Bon nr.|Kvittering nr.
credit_no: Kreditnota nr.
proforma_no: Proforma nr.
date: Dato|Fakturadato|Udstedt
receipt_date: Dato|DATO|Tid
due: Forfaldsdato|Forfalder|Betales senest|Sidste rettidige betaling
po: Indkøbsordre|Deres ordrenr.|Jeres rekvisition
from: Fra|Sælger|Leverandør
to: Kunde|Faktureres til|Til|Køber|Att.
ship_to: Leveringsadresse|Leveres til
address: Adresse
subtotal: Subtotal|Netto|Nettobeløb|I alt ekskl. moms
gross_subtotal: Subtotal|Varer i alt
discount: Rabat|RABAT
shipping: Fragt|Levering|Forsendelse
service: Gebyr|Drikkepenge|Pant|Ekspeditionsgebyr
rounding: Afrunding|Øreafrunding
total: I alt|TOTAL|Total|At betale|I ALT|Total {code}|Til betaling
total_incl: I alt inkl. {tax}|Total inkl. {tax}
rounded: Afrundet
due_amount: Restbeløb|Resterende|Udestående
paid: Betalt|Forudbetalt|Depositum
cash: Kontant|KONTANT|Modtaget
change: Retur|RETUR|Byttepenge
card: Dankort|Kort|VISA/Dankort|MobilePay
qty: Antal|Stk.
desc: Beskrivelse|Vare|Tekst|Varebeskrivelse
disc: Rabat|Rabat %
price: Pris|Stk. pris|Enhedspris
amount: Beløb|I alt|Pris i alt
code: Varenr.|Nr.
unit: Enhed
pos: Linje|Pos.
units: stk|timer|kg|m|pk
tax_total: {tax} i alt
taxable: Netto|Momsgrundlag
included: heraf {tax}|inkl. {tax}
bank: Bank
holder: Kontohaver|Modtager|Beløbsmodtager
terms: Betalingsbetingelser|Betaling|Vilkår
term_values: Netto 8 dage|{n} dage|Netto {n} dage|Løbende måned + {n} dage|Kontant
phone: Tlf.|Telefon|Tlf
thanks: TAK FOR BESØGET|Tak for handlen|Byttes inden {n} dage|På gensyn
page: Side
customer_no: Kundenr.|Kundenummer
order_no: Ordrenr.|Tilbud|Deres ref.|Sag
delivery: Leveringsdato|Ordredato
cashier: Ekspedient|Kasse|Betjent af
table: Bord|Butik
reg: Reg.nr.|Kontonr.
currency: Valuta
count: Antal varer
months: januar|februar|marts|april|maj|juni|juli|august|september|oktober|november|december
months_short: jan|feb|mar|apr|maj|jun|jul|aug|sep|okt|nov|dec
weekdays: man|tir|ons|tor|fre|lør|søn
trades: Bageri|Byg|El-Service|Handel|Murerfirma|Transport|Boghandel|Købmand|Have|Restaurant|Slagter|
    Konditori|Café|Kro|Hotel|Værksted|Dæk|Taxa|Tømrer|VVS|Maler|Planteskole|Papirhandel|Guldsmed|Optik|
    Sko|Legetøj|Frisør|Vaskeri|Rengøring|Forsikring|Udlejning|Rejser|Ejendomme|Arkitekter|Advokater|
    Revision|Software|Energi|Trykkeri|Kurser|Engros|Service|Møbler|Apotek|Supermarked|Maskiner
products: kabel|lampe|filter|papir|brød|kaffe|skrue|rør|vedligehold|time|montering|ost|øl|licens|
    rengøring|træ|maling|stor|lille|rød|dele|kasse|æble|pære|kartoffel|tomat|løg|salat|mælk|smør|yoghurt|
    æg|mel|sukker|salt|honning|ris|pasta|kød|skinke|pølse|fisk|suppe|fritter|kage|is|te|vand|saft|vin|
    sæbe|stearinlys|stik|oplader|tastatur|skærm|printer|blæk|kuvert|mappe|kuglepen|hæfte|stol|bord|reol|
    spejl|tæppe|gardin|jakke|bukser|sko|skjorte|hammer|bor|sav|søm|møtrik|ventil|pumpe|lim|cement|
    mursten|flise|sand|reb|kæde|dæk|bremse|leje|dag|nat|værelse|morgenmad|rejse|billet|kontingent|kursus|
    reparation|eftersyn|rapport|oversættelse|fotos|abonnement|materialer|emballage|olie|chokolade|
    dobbelt|grøn|sort|hvid|med|og|af|uden
common: mølle|skov|bakke|dal|å|sø|hav|ø|bro|tårn|slot|by|hjørne|torv|havn|port|have|eng|eg|lind|gran|
    rose|lilje|stjerne|sol|måne|himmel|sky|vind|ild|sten|jern|sølv|guld|perle|løve|bjørn|ulv|ræv|ørn|
    svane|hjort|hest|bi|konge|dronning|hus|gård|køkken|bord|brød|honning|peber|drøm|glæde|verden|punkt|
    bølge|lys|nord|syd|øst|vest|ny|gammel|stor|rød|blå|grøn|hvid
names: {trade} {last}|{trade} {city}|{common} og {common}|den {common} {common}|brødrene {last}|
    {last} & søn|hos {first}|{common}{trade}|{city} {trade}|{common}.dk|{trade} og {trade}
branches: {city} afd.|Afd. {city}|Butik ###|Filial {city}
refs: Kontraktnr.|Projektnr.|Omkostningssted|Rekv.nr.|Følgeseddel|Leverandørnr.|GLN|EAN-lokation|Sagsnr.|Målernr.
name_key: Navn|Firma
contact: Kontakt|Kontaktperson|Att.
email_key: E-mail|Mail
number_key: Nummer|Nr.|ID
charges_sum: Gebyrer i alt|Gebyrer
allowances_sum: Rabatter i alt|Fradrag
premises: {word} Center|{city} Lufthavn|{city} Station|{word} Storcenter|Terminal #
related: Oprindelig faktura|Vedrører faktura|Tidligere faktura nr.
share_of: af
base: Pr.|Prisenhed|Basisantal
adjustment: Rabat/tillæg|+/-
rate_key: Moms %|Sats|%
other_party: Skatterepræsentant|Transportør|Agent|Producent|Lager|Forsikring|Underleverandør|Byggeplads
seller: Sælger|Leverandør|Udsteder
buyer: Køber|Bestiller|Ordregiver|Kundens adresse
titles: Acontofaktura|Slutfaktura|Samlefaktura|Lejefaktura|Handelsfaktura
of_day: af|dateret
to_pay: At betale|Til betaling|Beløb til betaling
remarks: Bemærkninger|Betalingsbetingelser|Noter
item_note: Deres varenr. {no}|Lev. varenr. {no}|Parti {no}, bedst før {day}|EAN {no}|Periode {day} - {day}|
    Serienr. {no}|listepris {sum}|pk. {n} stk|Oprindelse: {city}|Følgeseddel {no} af {day}
prose: Leveret til {city} den {day}, følgeseddel {no}.|Oplys venligst {no} ved betaling.|
    Ved for sen betaling beregnes {n}% rente og {sum} i gebyr.|Fakturaen vedrører aftale med {client} af {day}.|
    CVR {no}, {city}|Ved betaling før {day} gives {n}% rabat: {sum}|Direktion: {person}, {person}|
    Varerne tilhører {vendor} indtil de er betalt.|Spørgsmål? {person}, tlf. {no}|
    Udført fra {day} til {day}.|Tidligere saldo: {sum}
pay_by: Beløbet bedes betalt senest den {due}.|Betales senest {due}
pay_to: Beløbet indbetales på {iban}.|Overfør venligst til konto {iban} i {word} Bank.
usual_price: før|Normalpris
saved: Du sparer|Sparet
line_sum: Sum af linjer|Linjer i alt|Varesum
net_sum: I alt uden {tax}|Netto i alt|Beløb ekskl. {tax}
gross_sum: I alt med {tax}|Brutto i alt|Fakturabeløb inkl. {tax}
list_price: Listepris|Bruttopris|Katalogpris
net_price: Nettopris|Deres pris|Netto stk.
measures: stk|timer|t|kg|kasse|m|m²|kWh|dage|l|md|sæt|par
greeting: Kære {person},|Til rette vedkommende,|Kære kunde,
letter: For vores ydelser fakturerer vi:|Tak for ordren af {day}.|For perioden {day} til {day}:|
    Leveret med følgeseddel {no}:|Som aftalt med {person}:
closing: Med venlig hilsen|Venlig hilsen|De bedste hilsner
till_total: AT BETALE|At betale|** TOTAL **|Til betaling
slip: KØB|Beløb|Kortbetaling|GODKENDT
promotion: Fortæl os din mening: www.{word}.dk|Du kunne have optjent {n} point|Bon {no} gælder til {day}|
    Spar {sum} næste gang|Åbent 8:00 - 20:00|Følg os: {word}
ordered: Deres ordre {po}|Vedr. Deres ordre {po} af {day}|I henhold til jeres rekvisition {po}
dated_at: {city}, den {day}|{city} d. {day}
addressed: Til|Att. bogholderiet
honorifics: Hr.|Fru
"""

MORE = """
tax_total: Momsbeløb|Moms i alt|Samlet moms
subtotal: Total ekskl. moms|Beløb ekskl. moms|Sum netto|Vareværdi
gross_subtotal: Mellemsum|Sum varer
total: Slutbeløb|Beløb at betale|I alt inkl. moms|Total inkl. moms|Samlet beløb|Fakturabeløb|Totalbeløb|Fakturatotal
discount: Rabatter|Nedslag|Kampagnerabat|Kunderabat
shipping: Fragtomkostninger|Porto|Leveringsgebyr
invoice_no: Faktura nummer|Bilagsnummer|Nummer|Dokumentnr.|Bilagsnr.
date: Faktura dato|Bilagsdato
due: Forfald|Betaling senest
po: Deres ordre|Jeres ordrenr.|Rekvisition|Deres rekv.|Bestilling
qty: Antal stk.|Mængde|Ant.
desc: Specifikation|Ydelse|Varenavn
price: Stykpris|Nettopris|Pris pr. stk.|Pris ekskl.
amount: Nettobeløb|Linjetotal|Netto|Sum
iban: IBAN-nr.|Konto|Kontonr. (IBAN)
to: Fakturaadresse|Kundeoplysninger
from: Afsender|Betales til
term_values: Betaling inden {n} dage fra fakturadato|Netto kontant {n} dage|Bankoverførsel, {n} dage netto
"""
