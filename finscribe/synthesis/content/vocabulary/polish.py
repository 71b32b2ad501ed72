"""The words of Polish finance documents: labels, months, trades and products."""

WORDS = """
invoice: FAKTURA|Faktura VAT|FAKTURA VAT|Faktura
receipt: PARAGON|PARAGON FISKALNY|Rachunek|Paragon
credit_note: FAKTURA KORYGUJĄCA|Korekta faktury
proforma: FAKTURA PRO FORMA|Faktura proforma
invoice_no: Faktura|FAKTURA|Faktura nr|Numer faktury|Nr faktury|FV nr|Faktura VAT nr
receipt_no: Nr paragonu|Paragon nr|nr wydr.|Rachunek nr
credit_no: Korekta nr|Faktura korygująca nr
proforma_no: Pro forma nr
date: Data|Data wystawienia|Wystawiono dnia|z dnia
receipt_date: Data|DATA
due: Termin płatności|Płatne do|Zapłata do
po: Zamówienie|Nr zamówienia klienta|Państwa zamówienie
from: Sprzedawca|Wystawca|Dostawca
to: Nabywca|Klient|Kupujący|Odbiorca faktury
ship_to: Adres dostawy|Odbiorca
address: Adres
subtotal: Razem netto|Wartość netto|Suma netto|Netto
gross_subtotal: Suma częściowa|Podsuma|Suma
discount: Rabat|RABAT|Upust|Opust
shipping: Wysyłka|Koszt dostawy|Transport|Dostawa
service: Serwis|Opłata serwisowa|Napiwek|Kaucja|Opakowanie
rounding: Zaokrąglenie
total: Razem|SUMA {code}|Do zapłaty|Razem do zapłaty|Suma|Wartość brutto|SUMA|Razem brutto
total_incl: Razem z {tax}|Suma zawiera {tax}
rounded: Po zaokrągleniu
due_amount: Pozostało do zapłaty|Pozostaje do zapłaty|Saldo
paid: Zapłacono|Zaliczka|Przedpłata
cash: Gotówka|GOTÓWKA|Wpłacono
change: Reszta|RESZTA
card: Karta|KARTA|Karta płatnicza
qty: Ilość|Il.|ilość
desc: Nazwa|Nazwa towaru|Opis|Nazwa usługi
disc: Rabat|Rabat %
price: Cena|Cena netto|Cena jedn.
amount: Wartość|Kwota|Wartość netto
code: Kod|Indeks
unit: J.m.|jm
pos: Lp.|Lp
units: szt.|szt|godz.|kg|m|kpl.
tax_total: Razem {tax}|Kwota {tax}|SUMA PTU
taxable: Netto|Podstawa
included: w tym {tax}|zawiera {tax}
bank: Bank
holder: Właściciel rachunku|Odbiorca|Nazwa odbiorcy
terms: Sposób płatności|Płatność|Warunki płatności
term_values: przelew 14 dni|gotówka|{n} dni|przelew {n} dni|płatne w ciągu {n} dni
phone: Tel.|tel.|Telefon
thanks: DZIĘKUJEMY|Dziękujemy za zakupy|Zapraszamy ponownie|Zwrot w ciągu {n} dni z paragonem
page: Strona|Str.
customer_no: Nr klienta
order_no: Zlecenie|Oferta|WZ|Umowa
delivery: Data sprzedaży|Data dostawy
cashier: Kasjer|Obsługuje|Sprzedawca
table: Stolik|Kasa|Sklep
reg: REGON|KRS|BDO
currency: Waluta
count: Liczba pozycji
continued: Do przeniesienia
months: stycznia|lutego|marca|kwietnia|maja|czerwca|lipca|sierpnia|września|października|listopada|grudnia
months_short: sty|lut|mar|kwi|maj|cze|lip|sie|wrz|paź|lis|gru
weekdays: pon|wt|śr|czw|pt|sob|ndz
trades: Piekarnia|Hurtownia|Usługi|Budowlane|Transport|Księgarnia|Apteka|Sklep|Serwis|Meble|Restauracja|
    Cukiernia|Kawiarnia|Bar|Pizzeria|Hotel|Pensjonat|Warsztat|Opony|Taxi|Stolarstwo|Hydraulika|Elektryka|
    Ogrodnictwo|Kwiaciarnia|Papiernicze|Jubiler|Optyk|Obuwie|Zabawki|Fryzjer|Pralnia|Sprzątanie|
    Ubezpieczenia|Wynajem|Podróże|Nieruchomości|Architekci|Kancelaria|Księgowość|Oprogramowanie|Energia|
    Drukarnia|Szkolenia|Handel|Instalacje|Delikatesy|Supermarket|Spedycja
products: kabel|lampa|filtr|papier|chleb|kawa|śruba|rura|serwis|godzina|montaż|ser|piwo|licencja|
    sprzątanie|drewno|farba|duży|mały|czerwony|części|pudełko|usługa|jabłko|gruszka|ziemniak|pomidor|
    cebula|sałata|mleko|masło|jogurt|jajko|mąka|cukier|sól|miód|ryż|makaron|mięso|szynka|kiełbasa|ryba|
    zupa|pierogi|frytki|ciasto|lody|herbata|woda|sok|wino|lemoniada|mydło|szampon|świeca|żarówka|
    gniazdko|ładowarka|klawiatura|monitor|drukarka|tusz|koperta|segregator|długopis|zeszyt|krzesło|stół|
    półka|lustro|dywan|zasłona|kurtka|spodnie|buty|koszula|młotek|wiertarka|piła|gwóźdź|nakrętka|zawór|
    pompa|klej|cement|cegła|płytka|piasek|lina|łańcuch|opona|hamulec|wynajem|dzień|nocleg|pokój|
    śniadanie|przejazd|bilet|składka|kurs|naprawa|przegląd|raport|tłumaczenie|zdjęcia|abonament|
    materiały|opakowanie|olej|czekolada|podwójny|zielony|czarny|biały|z|i|do|bez
common: młyn|las|góra|dolina|rzeka|jezioro|morze|wyspa|most|wieża|zamek|rynek|port|brama|ogród|łąka|dąb|
    lipa|sosna|róża|lilia|gwiazda|słońce|księżyc|niebo|chmura|wiatr|ogień|kamień|żelazo|srebro|złoto|
    perła|lew|niedźwiedź|wilk|lis|orzeł|łabędź|jeleń|koń|pszczoła|król|królowa|dom|dwór|kuchnia|chleb|
    miód|wiśnia|marzenie|radość|świat|punkt|fala|światło|północ|południe|wschód|zachód|nowy|stary|wielki|
    czerwony|zielony|biały
names: pod {common}|{trade} pod {common}|{trade} {last}|{trade} {city}|{common} i {common}|bracia {last}|
    u {first}|{common} {trade}|{common} {common}|{common}.pl|{trade} i {trade}
branches: Oddział {city}|Sklep nr ###|Filia {city}
refs: Nr umowy|Nr projektu|MPK|Nr WZ|Wasz znak|Nr dostawcy|GLN|REGON|KRS|Nr licznika|Nr sprawy
name_key: Nazwa|Firma
contact: Kontakt|Osoba kontaktowa|Opiekun
email_key: E-mail|Mail
number_key: Numer|Nr|ID
charges_sum: Suma dopłat|Dopłaty
allowances_sum: Suma rabatów|Rabaty
premises: Galeria {word}|Lotnisko {city}|Dworzec {city}|Centrum Handlowe {word}|Terminal #|C.H. {word}
related: Faktura pierwotna|Faktura korygowana|Do faktury nr|Poprzednia faktura
share_of: z|od
base: Za|Ilość bazowa
adjustment: Rabat/narzut|+/-
rate_key: Stawka|Stawka VAT|%
other_party: Przedstawiciel podatkowy|Przewoźnik|Pośrednik|Producent|Magazyn|Ubezpieczyciel|Podwykonawca|
    Miejsce wykonania
seller: Sprzedawca|Wykonawca|Usługodawca|Wystawca faktury
buyer: Nabywca|Zamawiający|Usługobiorca|Dane nabywcy
titles: Faktura zaliczkowa|Faktura końcowa|Faktura zbiorcza|Faktura za najem|Faktura handlowa
of_day: z dnia|z
to_pay: Do zapłaty|Kwota do zapłaty|Razem do zapłaty
remarks: Uwagi|Warunki płatności|Informacje
item_note: Indeks klienta: {no}|Indeks dostawcy {no}|Partia {no}, ważne do {day}|EAN {no}|Okres {day} - {day}|
    Nr seryjny {no}|cena katalogowa {sum}|op. {n} szt.|Pochodzenie: {city}|WZ {no} z {day}
prose: Dostarczono do {city} dnia {day}, WZ {no}.|W tytule przelewu prosimy podać {no}.|
    Za zwłokę naliczamy {n}% oraz opłatę {sum}.|Faktura dotyczy umowy z {client} z dnia {day}.|
    Sąd Rejonowy {city}, KRS {no}|Rabat {n}% przy zapłacie do {day}: {sum}|Zarząd: {person}, {person}|
    Towar pozostaje własnością {vendor} do zapłaty.|Pytania: {person}, tel. {no}|
    Usługę wykonano od {day} do {day}.|Poprzednie saldo: {sum}
pay_by: Prosimy o zapłatę do dnia {due}.|Płatne najpóźniej {due}
pay_to: Prosimy o przelew na konto {iban}.|Wpłata na rachunek {iban} w {word} Bank, tytułem {no}
usual_price: Cena reg.|zamiast
saved: Oszczędzasz|Zaoszczędzono
line_sum: Suma pozycji|Razem pozycje|Wartość towarów
net_sum: Razem bez {tax}|Razem netto|Podstawa razem
gross_sum: Razem z {tax}|Razem brutto|Wartość faktury brutto
list_price: Cena katalogowa|Cennik|Cena detaliczna
net_price: Cena netto|Cena po rabacie
measures: szt|szt.|godz|h|kg|op.|m|m²|kWh|dni|l|mies.|kpl|para
greeting: Szanowni Państwo,|Dzień dobry,|Szanowny Panie {last},
letter: Za nasze usługi obciążamy Państwa kwotą:|Dziękujemy za zamówienie z {day}.|Za okres od {day} do {day}:|
    Dostarczono z dokumentem {no}:|Zgodnie z ustaleniami ({person}):
closing: Z poważaniem|Z wyrazami szacunku|Pozdrawiamy
till_total: DO ZAPŁATY|Do zapłaty|SUMA {code}|** SUMA **|Razem do zapłaty
slip: SPRZEDAŻ|Kwota|Płatność kartą|ZATWIERDZONO
promotion: Oceń nas na www.{word}.pl|Dziś mogłeś zdobyć {n} punktów|Kupon {no} ważny do {day}|
    Oszczędź {sum} przy następnych zakupach|Otwarte 8:00 - 20:00
ordered: Państwa zamówienie {po}|Dotyczy zamówienia nr {po} z dnia {day}|Na podstawie zamówienia {po}
dated_at: {city}, dnia {day}|{city}, dn. {day}|{city}, {day}
addressed: Sz. P.
honorifics: Pan|Pani
"""

MORE = """
tax_total: Podatek|Kwota podatku|Podatek razem|Suma podatku|Wartość VAT|Suma VAT
subtotal: Kwota netto|Łącznie netto|Ogółem netto
gross_subtotal: Suma pozycji|Razem towary
total: Kwota brutto|Należność ogółem|Suma brutto|Ogółem|Ogółem brutto|Łącznie do zapłaty|Suma do zapłaty
discount: Rabaty|Zniżka
shipping: Koszty transportu
invoice_no: Numer|Faktura numer|Numer dokumentu|Nr dokumentu|Nr fakt.
date: Data dokumentu|Wystawiono|Dnia|Data wystawienia faktury
due: Do zapłaty do dnia|Termin
po: Zamówienie nr|Zamówienie klienta
qty: Szt.|Ilość szt.|L. szt.
desc: Towar|Opis usługi|Towar lub usługa|Produkt
price: Cena jednostkowa|C. jedn.|Cena za szt.
amount: Suma|Kwota netto
iban: Konto|Nr konta|Numer konta|Rachunek|Nr rachunku|Konto bankowe
to: Dane klienta|Zleceniodawca
from: Dane sprzedawcy
term_values: przelew w terminie {n} dni|zapłata w ciągu {n} dni od daty wystawienia|przelew, {n} dni
"""
