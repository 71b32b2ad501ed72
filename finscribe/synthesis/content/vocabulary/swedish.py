"""The words of Swedish finance documents: labels, months, trades and products."""

WORDS = """
invoice: FAKTURA|Faktura
receipt: KVITTO|Kvitto|Kassakvitto
credit_note: KREDITFAKTURA|Kreditfaktura|Kreditnota
proforma: PROFORMAFAKTURA|Proformafaktura
invoice_no: Faktura|Fakturanummer|Fakturanr|Faktura nr|Fakt.nr
receipt_no: Kvittonr|Kvitto nr|Kvittonummer
credit_no: Kreditfaktura nr
proforma_no: Proforma nr
date: Datum|Fakturadatum|Utställd
receipt_date: Datum|DATUM|Tid
due: Förfallodatum|Förfaller|Betalas senast|Oss tillhanda senast
po: Inköpsorder|Ert ordernr|Er beställning
from: Från|Säljare|Leverantör
to: Kund|Faktureras|Till|Fakturaadress|Köpare
ship_to: Leveransadress|Levereras till
address: Adress
subtotal: Netto|Delsumma|Summa exkl. moms|Nettobelopp
gross_subtotal: Delsumma|Delsumma inkl. moms
discount: Rabatt|RABATT|Avdrag
shipping: Frakt|Fraktkostnad|Leverans
service: Expeditionsavgift|Dricks|Pant|Fakturaavgift|Serviceavgift
rounding: Öresavrundning|Öresutjämning|Avrundning
total: Totalt|TOTALT|Summa|Att betala|Summa att betala|TOTAL
total_incl: Totalt inkl. {tax}|Summa inkl. {tax}
rounded: Avrundat
due_amount: Kvar att betala|Restbelopp
paid: Betalt|Förskott|Inbetalt
cash: Kontant|KONTANT|Mottaget
change: Åter|Växel tillbaka|ÅTER
card: Kort|KORT|Bankkort|Swish
qty: Antal|Ant
desc: Benämning|Beskrivning|Artikel|Vara
disc: Rabatt|Rab.
price: Pris|À-pris|Enhetspris
amount: Belopp|Summa|Totalt
code: Art.nr|Artikelnr
unit: Enhet|Enh
pos: Rad
units: st|tim|kg|m|frp
tax_total: Total {tax}|Summa {tax}
taxable: Netto|Underlag
included: varav {tax}|inkl. {tax}
bank: Bank|Bankgiro
holder: Kontohavare|Betalningsmottagare|Mottagare
terms: Betalningsvillkor|Villkor
term_values: 30 dagar netto|{n} dagar|{n} dagar netto|Kontant|Omgående
phone: Tel|Telefon
thanks: TACK FÖR BESÖKET|Välkommen åter!|Öppet köp {n} dagar|Tack för din beställning
page: Sida|Sid
customer_no: Kundnummer|Kundnr
order_no: Ordernummer|Offert|Er referens|Vår referens
delivery: Leveransdatum|Orderdatum
cashier: Kassör|Kassa|Säljare
table: Bord|Butik|Terminal
reg: Säte|Bankgiro
currency: Valuta
count: Antal varor|Artiklar
months: januari|februari|mars|april|maj|juni|juli|augusti|september|oktober|november|december
months_short: jan|feb|mar|apr|maj|jun|jul|aug|sep|okt|nov|dec
weekdays: mån|tis|ons|tor|fre|lör|sön
trades: Bageri|Bygg|El|Konsult|Handel|Måleri|Transport|Bokhandel|Livs|Trädgård|Restaurang|Slakteri|
    Konditori|Café|Värdshus|Hotell|Verkstad|Däck|Taxi|Snickeri|VVS|Plantskola|Pappershandel|Guldsmed|
    Optik|Skor|Leksaker|Frisör|Tvätt|Städ|Försäkring|Uthyrning|Resor|Fastigheter|Arkitekter|Advokatbyrå|
    Redovisning|Programvara|Energi|Tryckeri|Utbildning|Grossist|Service|Möbler|Apotek|Maskin
products: kabel|lampa|filter|papper|bröd|kaffe|skruv|rör|underhåll|timme|montering|ost|öl|licens|
    städning|trä|färg|stor|liten|röd|delar|låda|äpple|päron|potatis|tomat|lök|sallad|mjölk|smör|yoghurt|
    ägg|mjöl|socker|salt|honung|ris|pasta|kött|skinka|korv|fisk|soppa|pommes|tårta|glass|te|vatten|saft|
    vin|tvål|ljus|glödlampa|uttag|laddare|tangentbord|skärm|skrivare|bläck|kuvert|pärm|penna|häfte|stol|
    bord|hylla|spegel|matta|gardin|jacka|byxor|skor|skjorta|hammare|borr|såg|spik|mutter|ventil|pump|lim|
    cement|tegel|kakel|sand|rep|kedja|däck|broms|hyra|dag|natt|rum|frukost|resa|biljett|medlemskap|kurs|
    reparation|besiktning|rapport|översättning|foton|abonnemang|material|emballage|olja|choklad|dubbel|
    grön|svart|vit|med|och|av|utan
common: kvarn|skog|berg|dal|å|sjö|hav|ö|bro|torn|slott|by|hörn|torg|hamn|port|äng|ek|lind|gran|ros|lilja|
    stjärna|sol|måne|himmel|moln|vind|eld|sten|järn|silver|guld|pärla|lejon|björn|varg|räv|örn|svan|
    hjort|häst|bi|kung|drottning|hus|gård|kök|bord|bröd|honung|peppar|dröm|glädje|värld|punkt|våg|ljus|
    norr|söder|öster|väster|ny|gammal|stor|röd|blå|grön|vit
names: {trade} {last}|{trade} {city}|{common} och {common}|den {common} {common}|bröderna {last}|
    {last} & söner|hos {first}|{common}{trade}|{city} {trade}|{common}.se|{trade} och {trade}
branches: Butik ###|Filial {city}|Kontor {city}
refs: Avtalsnr|Projektnr|Kostnadsställe|Er ref.|Följesedel|Leverantörsnr|GLN|Org.nr|Ärende|Mätarnr|OCR-nr
name_key: Namn|Företag
contact: Kontakt|Kontaktperson|Handläggare
email_key: E-post|Mail
number_key: Nummer|Nr|ID
charges_sum: Summa avgifter|Avgifter
allowances_sum: Summa rabatter|Avdrag
premises: {word} Centrum|{city} Flygplats|{city} Station|Köpcentrum {word}|Terminal #|{word} Galleria
related: Ursprunglig faktura|Avser faktura|Föregående faktura nr
share_of: av|på
base: Per|Prisenhet|Basantal
adjustment: Rabatt/tillägg|+/-
rate_key: Moms %|Sats|%
other_party: Skatterepresentant|Transportör|Ombud|Tillverkare|Lager|Försäkringsgivare|Underleverantör|Arbetsplats
seller: Säljare|Leverantör|Utställare
buyer: Köpare|Beställare|Uppdragsgivare|Kundadress
titles: Delfaktura|Slutfaktura|Samlingsfaktura|Hyresfaktura|Handelsfaktura
of_day: av den|daterad|den
to_pay: Att betala|Belopp att betala|Summa att betala
remarks: Anmärkning|Betalningsvillkor|Övrigt
item_note: Ert art.nr {no}|Lev. art.nr {no}|Parti {no}, bäst före {day}|EAN {no}|Period {day} - {day}|
    Serienr {no}|listpris {sum}|förp. {n} st|Ursprung: {city}|Följesedel {no} {day}
prose: Levererat till {city} {day}, följesedel {no}.|Ange {no} vid betalning.|
    Vid sen betalning debiteras {n}% ränta och {sum} i avgift.|Fakturan avser avtal med {client} av {day}.|
    Säte: {city}, org.nr {no}|Vid betalning före {day} ges {n}% rabatt: {sum}|Styrelse: {person}, {person}|
    Varorna tillhör {vendor} tills de är betalda.|Frågor? {person}, tel. {no}|
    Utfört {day} till {day}.|Tidigare saldo: {sum}
pay_by: Betalas senast den {due}.|Beloppet ska vara oss tillhanda senast {due}.
pay_to: Betala till {iban}.|Vänligen sätt in beloppet på konto {iban}, ange {no}.
usual_price: Ord. pris|Ordinarie
saved: Du sparar|Sparat
line_sum: Summa rader|Radsumma|Varuvärde
net_sum: Summa utan {tax}|Netto totalt|Belopp exkl. {tax}
gross_sum: Summa med {tax}|Brutto totalt|Fakturabelopp inkl. {tax}
list_price: Listpris|Bruttopris|Katalogpris
net_price: Nettopris|Ert pris|Netto à
measures: st|tim|h|kg|kart|m|m²|kWh|dagar|l|mån|sats|par
greeting: Hej {person},|Till den det berör,|Bästa kund,
letter: För våra tjänster fakturerar vi:|Tack för er order av den {day}.|För perioden {day} till {day}:|
    Levererat med följesedel {no}:|Enligt överenskommelse med {person}:
closing: Med vänlig hälsning|Vänliga hälsningar|Med bästa hälsningar
till_total: ATT BETALA|Att betala|** TOTALT **|Totalt att betala
slip: KÖP|Belopp|Kortköp|GODKÄND
promotion: Säg vad du tycker: www.{word}.se|Du hade fått {n} poäng|Kupong {no} gäller till {day}|
    Spara {sum} nästa gång|Öppet 8:00 - 20:00|Följ oss: {word}
ordered: Er order {po}|Avser Er beställning {po} av den {day}|Enligt Er beställning {po}
dated_at: {city} den {day}|{city}, {day}
addressed: Till|Att: Ekonomiavdelningen
honorifics: Herr|Fru
"""

MORE = """
tax_total: Momsbelopp|Summa moms|Total moms|Moms totalt
subtotal: Totalt exkl. moms|Belopp exkl. moms|Summa netto|Totalt netto|Varuvärde
gross_subtotal: Summa varor|Mellansumma|Summa artiklar
total: Totalsumma|Slutsumma|Summa inkl. moms|Totalt inkl. moms|Totalbelopp|Fakturabelopp
discount: Rabatter|Kampanjrabatt|Kundrabatt
shipping: Porto|Fraktavgift
invoice_no: Fakturanr.|Dokumentnummer|Nummer|OCR-/fakturanummer
date: Faktura datum|Utfärdad|Dokumentdatum
due: Oss tillhanda|Sista betalningsdag|Betalas före
po: Er order|Ert ordernummer|Beställning|Er best.nr|Ert inköpsordernr
qty: Antal st|Kvantitet|Ant.
desc: Specifikation|Tjänst|Text|Artikelnamn
price: Styckpris|Nettopris|Pris/st|Pris exkl.
amount: Nettobelopp|Radsumma|Netto|Total
iban: IBAN-nummer|Konto|Bankkonto
to: Fakturamottagare|Kunduppgifter|Beställare
from: Avsändare|Betalas till
term_values: Betalning inom {n} dagar|Per {n} dagar netto|{n} dagar netto efter fakturadatum
"""
