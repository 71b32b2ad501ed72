"""The words of German finance documents: labels, months, trades and products."""

WORDS = """
invoice: Rechnung|RECHNUNG|Rechnung / Invoice|Ausgangsrechnung
receipt: Quittung|KASSENBON|Beleg|Kassenbeleg|Bon|Kundenbeleg
credit_note: Gutschrift|GUTSCHRIFT|Stornorechnung|Rechnungskorrektur
proforma: Proforma-Rechnung|PROFORMARECHNUNG
invoice_no: Rechnung|RECHNUNG|Rechnungsnummer|Rechnung Nr.|Rechnungs-Nr.|Rechnungsnr.|RE-Nr.|Rg.-Nr.|
    Rechnung-Nr
receipt_no: Bon-Nr.|Beleg-Nr.|Belegnummer|Bonnr.|Beleg|Quittung Nr.
credit_no: Gutschrift|Gutschrift Nr.|Gutschriftnummer|Gutschrift-Nr.
proforma_no: Proforma-Nr.|Proforma Nr.
date: Datum|Rechnungsdatum|vom|Ausgestellt am|Rechnungs-Datum|Belegdatum
receipt_date: Datum|DATUM|Uhrzeit|Beleg vom
due: Fällig am|Zahlbar bis|Fälligkeit|Zahlungsziel|Fälligkeitsdatum
po: Bestellnummer|Ihre Bestellung|Bestell-Nr.|Ihre Bestellnr.
from: Von|Verkäufer|Lieferant|Rechnungssteller|Absender
to: Rechnung an|An|Kunde|Rechnungsempfänger|Käufer|Rechnungsadresse|Herrn/Frau
ship_to: Lieferadresse|Lieferanschrift|Versand an
address: Anschrift|Adresse
subtotal: Zwischensumme|Netto|Nettobetrag|Summe netto|Gesamt netto|Nettosumme|Warenwert
gross_subtotal: Zwischensumme|Warenwert|Summe Positionen
discount: Rabatt|Nachlass|RABATT|Skonto|Treuerabatt
shipping: Versand|Versandkosten|Fracht|Lieferkosten|Porto
service: Bedienung|Servicezuschlag|Trinkgeld|Pfand|Bearbeitungsgebühr|Verpackung
rounding: Rundung|Rundungsdifferenz
total: Gesamtbetrag|Gesamt|Summe|SUMME|Rechnungsbetrag|TOTAL|Zu zahlen|Endbetrag|Bruttobetrag|Gesamtsumme|
    Brutto
total_incl: Gesamt inkl. {tax}|Summe inkl. {tax}|Gesamtbetrag inkl. {rate} {tax}|Brutto inkl. {tax}
rounded: Gerundet|Total gerundet
due_amount: Offener Betrag|Restbetrag|Noch zu zahlen|Zahlbetrag
paid: Anzahlung|Bereits gezahlt|Geleistete Anzahlung|Abschlag
cash: Bar|BAR|Gegeben|Gegeben Bar|Barzahlung
change: Rückgeld|Zurück|RÜCKGELD|Wechselgeld
card: EC-Karte|girocard|Kartenzahlung|VISA|Kreditkarte
qty: Menge|Anz.|Anzahl|Stk|Std.
desc: Bezeichnung|Beschreibung|Artikel|Leistung|Artikelbezeichnung
disc: Rabatt|Rab.|Rabatt %
price: Einzelpreis|Preis|E-Preis|EP|Einzel {sign}|Stückpreis
amount: Gesamt|Betrag|Gesamtpreis|GP|Summe
code: Art.-Nr.|Artikelnr.|Artikel-Nr.
unit: Einheit|Einh.|ME
pos: Pos|Pos.|Nr.
units: Stk|Stück|Std|kg|Psch|m|St.
tax_total: {tax} gesamt|Summe {tax}|Gesamt {tax}
taxable: Netto|Nettoumsatz
included: enthaltene {tax}|inkl. {tax}|darin {tax}|{tax} enthalten
bank: Bank|Bankverbindung|Kreditinstitut
holder: Kontoinhaber|Empfänger|Zahlungsempfänger|Begünstigter
terms: Zahlungsbedingungen|Zahlungsziel|Zahlbar|Zahlung
term_values: 14 Tage netto|30 Tage netto|sofort ohne Abzug|Zahlbar sofort rein netto|{n} Tage netto|
    innerhalb von {n} Tagen|{n} Tage|Vorkasse
phone: Tel.|Telefon|Tel|Fon
fax: Fax|Telefax
thanks: Vielen Dank für Ihren Einkauf|Vielen Dank für Ihren Auftrag!|Es gelten unsere AGB|DANKE|
    Auf Wiedersehen|Umtausch innerhalb von {n} Tagen mit Bon|Mit freundlichen Grüßen
page: Seite
customer_no: Kundennummer|Kunden-Nr.|Kd.-Nr.
order_no: Auftragsnummer|Auftrag Nr.|Lieferschein|Projekt|Ihr Zeichen|Angebot
delivery: Lieferdatum|Leistungsdatum|Bestelldatum|Leistungszeitraum
cashier: Kassierer|Es bediente Sie|Bearbeiter|Bediener|Ansprechpartner
table: Tisch|Kasse|Filiale|Terminal
reg: HRB|Handelsregister|Amtsgericht
currency: Währung|Beträge in
approved: Genehmigungs-Nr.|Trace-Nr.|Terminal-ID
count: Anzahl Artikel|Posten|Stück gesamt
continued: Übertrag|Fortsetzung auf Seite {n}
months: Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember
months_short: Jan|Feb|Mrz|Apr|Mai|Jun|Jul|Aug|Sep|Okt|Nov|Dez
weekdays: Mo|Di|Mi|Do|Fr|Sa|So
trades: Bäckerei|Metzgerei|Elektrotechnik|Baustoffe|Gasthof|Druckerei|Handel|Maschinenbau|Verlag|
    Apotheke|Möbel|IT-Service|Brauerei|Konditorei|Fleischerei|Gärtnerei|Tischlerei|Schreinerei|
    Dachdeckerei|Malerbetrieb|Sanitär|Heizungsbau|Autohaus|Autovermietung|Kfz-Werkstatt|Reifen|Taxi|
    Spedition|Logistik|Reisebüro|Hotel|Pension|Restaurant|Café|Imbiss|Weinhandlung|Getränkemarkt|
    Supermarkt|Baumarkt|Buchhandlung|Schreibwaren|Optik|Uhren|Schmuck|Textil|Schuhe|Spielwaren|
    Versicherung|Bank|Steuerberatung|Rechtsanwälte|Ingenieurbüro|Architekten|Hausverwaltung|Immobilien|
    Leasing|Energie|Stadtwerke|Telekom|Software|Systeme|Technik|Medien|Werbung|Fotografie|Reinigung|
    Wäscherei|Großhandel|Vertrieb|Import|Industrieservice|Anlagenbau|Stahlbau|Werkzeuge|Verein|Akademie
products: Kabel|Lampe|Filter|Papier|Brot|Kaffee|Schraube|Rohr|Wartung|Beratung|Stunde|Montage|Brötchen|
    Käse|Bier|Schnitzel|Lizenz|Lieferung|Reinigung|Holz|Farbe|groß|klein|rot|Kleinteile|Pauschale|
    Schlüssel|Gerät|Apfel|Birne|Kartoffel|Tomate|Zwiebel|Salat|Milch|Butter|Sahne|Joghurt|Ei|Mehl|Zucker|
    Salz|Honig|Marmelade|Nudel|Reis|Fleisch|Wurst|Schinken|Fisch|Lachs|Suppe|Pommes|Kuchen|Torte|Eis|Tee|
    Wasser|Saft|Wein|Sekt|Schnaps|Limonade|Seife|Shampoo|Kerze|Glühbirne|Stecker|Schalter|Steckdose|
    Ladegerät|Tastatur|Bildschirm|Drucker|Toner|Umschlag|Ordner|Stift|Heft|Kalender|Stuhl|Tisch|Regal|
    Schrank|Spiegel|Teppich|Vorhang|Kissen|Decke|Jacke|Hose|Socken|Schuhe|Hut|Schal|Handschuhe|Hemd|
    Hammer|Bohrer|Säge|Nagel|Mutter|Scheibe|Ventil|Pumpe|Klebeband|Kleber|Zement|Ziegel|Fliese|Sand|
    Brett|Zaun|Seil|Kette|Reifen|Bremse|Ölwechsel|Miete|Tag|Nacht|Zimmer|Frühstück|Fahrt|Anfahrt|Ticket|
    Beitrag|Versicherung|Kurs|Reparatur|Prüfung|Gutachten|Übersetzung|Fotos|Abonnement|Speicher|Analyse|
    Bericht|Reisekosten|Arbeitszeit|Material|Verpackung|Entsorgung|Luftballon|Blumen|Erde|Dünger|Heizöl|
    Strom|Gas|Grundpreis|Verbrauch|gebraten|geräuchert|scharf|süß|doppelt|extra|grün|schwarz|weiß|gelb|
    mit|und|für|ohne
common: Wald|Berg|Tal|Fluss|See|Meer|Insel|Brücke|Turm|Burg|Schloss|Dorf|Ecke|Markt|Platz|Tor|Mühle|
    Schmiede|Garten|Wiese|Eiche|Linde|Tanne|Rose|Lilie|Stern|Sonne|Mond|Himmel|Wolke|Wind|Feuer|Stein|
    Eisen|Silber|Gold|Perle|Löwe|Bär|Wolf|Fuchs|Adler|Falke|Schwan|Hirsch|Pferd|Biene|Delfin|König|
    Kaiser|Ritter|Haus|Hof|Küche|Tisch|Brot|Honig|Pfeffer|Kirsche|Traube|Traum|Glück|Freude|Heimat|Welt|
    Punkt|Welle|Licht|Blick|Kraft|Nord|Süd|Ost|West|Alpen|Rhein|Elbe|Spiel|Muster|Beispiel|Demo|Test|
    Bahn|Post|Flug|Hafen|Kunst|Zukunft|Union|Express|Zentral
names: Zum {common}|Zur {common}|Haus am {common}|{common} und {common}|{common}hof|
    {common}- und {common}-{trade}|{trade} am {common}|{trade} zum {common}|
    {trade} {common} {city}|{city}er {trade}|{trade} {city}|Die {common}|Der {common}|{common} {trade}|
    {common}betrieb|{common}werk {city}|{common}-{trade}|Bei {common}|{trade} {last}|Gebrüder {last}|
    {last} & Söhne|{common}.de|Mein {common}|{trade} & {trade}
branches: Filiale {city}|Filiale ###|Niederlassung {city}|Werk {city}|Markt ####|Zweigstelle {city}
refs: Vertrag|Projekt-Nr.|Kostenstelle|Referenz des Käufers|Lieferschein-Nr.|Ihre Referenz|Vergabenr.|GLN|
    Lieferanten-Nr.|Leitweg-ID|Buchungsreferenz|Auftrag|Zählernummer|Vorgang|Versandanzeige|Kundenreferenz
name_key: Name|Firma|Firmenname
contact: Ansprechpartner|Kontakt|Ihr Ansprechpartner|Bearbeiter
email_key: E-Mail|Mail|eMail
number_key: Nummer|Nr.|ID|Kennung
charges_sum: Gesamtbetrag der Zuschläge|Zuschläge|Summe Zuschläge
allowances_sum: Gesamtbetrag der Abschläge|Abschläge|Summe Abzüge
premises: Einkaufszentrum {word}|Flughafen {city}|Bahnhof {city}|{word}-Center|Passage {word}|Terminal #|
    Autohof {city}|Kaufhaus {word}|{word} Galerie
related: Ursprungsrechnung|Bezugsrechnung Nr.|Vorherige Rechnung|Zu Rechnung|Korrigierte Rechnung
share_of: auf|von
base: per|Preiseinheit|Basismenge|je
adjustment: Ab-/Zuschlag|+/-|Nachlass/Zuschl.
rate_key: Steuersatz|Satz|%|USt %
other_party: Abweichender Zahlungsempfänger|Steuervertreter|Spedition|Vermittler|Leistungsort|Bauleitung|Factoring|
    Hersteller|Lager|Versicherer|Endempfänger
seller: Verkäufer|Leistungserbringer|Auftragnehmer|Lieferant|Rechnungsaussteller|Ihr Vertragspartner
buyer: Käufer/Leistungsempfänger|Leistungsempfänger|Auftraggeber|Besteller|Anschrift des Kunden|Käufer
titles: Mietrechnung|Schlussrechnung|Abschlagsrechnung|Teilrechnung|Sammelrechnung|Beitragsrechnung|Stromrechnung|
    Honorarrechnung|Monatsrechnung|Rechnung des Lieferanten|Handelsrechnung
of_day: vom|vom|v.|ausgestellt am
to_pay: Zu zahlen|Zu zahlender Betrag|Zahlungsbetrag|Fälliger Betrag|Bitte überweisen
remarks: Bemerkungen|Hinweise|Zahlungsbedingungen|Sonstiges|Anmerkung
item_note: Art-Nr-Kunde: {no}|Art.-Nr. Lieferant {no}|Charge {no}, MHD {day}|EAN {no}|Zeitraum {day} - {day}|
    Serien-Nr. {no}|Listenpreis {sum}|VE {n} Stück|Ursprungsland: {city}|Lieferschein {no} vom {day}|
    inkl. Pfand {sum}|Auftrag {no} Pos. {n}|Farbe: {word}|Bruttopreis: {sum}
prose: Geliefert nach {city} am {day} mit Lieferschein {no}.|Bitte überweisen Sie unter Angabe von {no}.|
    Bei Zahlungsverzug berechnen wir {n}% über dem Basiszins und eine Pauschale von {sum}.|
    Diese Rechnung bezieht sich auf den Vertrag mit {client} vom {day}.|Amtsgericht {city}, HRB {no}|
    Bei Zahlung bis {day} mit {n}% Skonto: {sum}|Geschäftsführer: {person}, {person}|
    Die Ware bleibt bis zur vollständigen Bezahlung Eigentum der {vendor}.|Fragen beantwortet {person}, Telefon {no}.|
    Es bestehen Rabatt- und Bonusvereinbarungen vom {day}.|Leistungszeitraum: {day} bis {day}|
    Zahlungen sind bis {day} berücksichtigt.|Ihr bisheriger Saldo betrug {sum}.
pay_by: Bitte überweisen Sie bis zum {due}.|Zahlbar bis {due} ohne Abzug|Der Betrag ist fällig am {due}.|
    Zahlbar bis spätestens {due}
pay_to: Bitte überweisen Sie den Betrag auf {iban}.|Überweisung auf unser Konto {iban} bei der {word} Bank erbeten.|
    Zahlbar auf {iban} unter Angabe von {no}.
usual_price: statt|UVP|Normalpreis
saved: gespart|Sie sparen|Ersparnis
line_sum: Positionssumme|Summe der Positionen|Warenwert|Summe Positionen netto
net_sum: Rechnungssumme ohne {tax}|Gesamt netto|Summe ohne {tax}|Steuerbasis|Nettogesamt
gross_sum: Bruttosumme|Gesamt brutto|Rechnungssumme brutto|Summe inkl. {tax}|Rechnungssumme mit {tax}
list_price: Listenpreis|Bruttopreis|Katalogpreis|LP
net_price: Nettopreis|Preis netto|Ihr Preis|Netto-EP
measures: Stk|Stück|Std|h|kg|Pkg|VE|m|m²|kWh|Tage|l|t|Monat|Satz|Karton|Pausch.|Paar
greeting: Sehr geehrte Damen und Herren,|Sehr geehrte Frau {last},|Guten Tag {person},|Sehr geehrter Herr {last},
letter: Für unsere Leistungen berechnen wir Ihnen:|Vielen Dank für Ihren Auftrag vom {day}.|
    Für den Zeitraum vom {day} bis {day} stellen wir Ihnen in Rechnung:|
    Wir lieferten Ihnen mit Lieferschein {no} wie folgt:|Wie mit {person} vereinbart, berechnen wir:|
    zu Ihrem Vertrag {no} ist der folgende Betrag fällig.
closing: Mit freundlichen Grüßen|Freundliche Grüße|Mit besten Grüßen|Hochachtungsvoll
till_total: ZU ZAHLEN|Zu zahlen|SUMME {code}|Zahlbetrag|*** SUMME ***|Bitte zahlen
slip: Kartenzahlung|Betrag|Bezahlung|Zahlung|Umsatz|GENEHMIGT
promotion: Sagen Sie uns Ihre Meinung: www.{word}.de|Heute hätten Sie {n} Punkte gesammelt|
    Gutschein {no} gültig bis {day}|Beim nächsten Einkauf {sum} sparen|Geöffnet täglich 8:00 - 20:00 Uhr|
    Unser Angebot ab {day}|Folgen Sie uns: {word}|Treuepunkte: {n}
ordered: Ihre Bestellung {po}|Zu Ihrer Bestellung {po} vom {day}|
    Bezug: Ihre Bestellung Nr. {po}|gemäß Ihrer Bestellung {po} berechnen wir
dated_at: {city}, den {day}|{city}, {day}|{city} am {day}
addressed: Firma|An|An die|z. Hd. Buchhaltung
honorifics: Herr|Frau|Herrn|Dr.|Familie
"""

MORE = """
tax_total: Steuerbetrag|{tax}-Betrag|{tax} Betrag|Betrag {tax}|Steuer|Steuern|zzgl. {tax}|zuzüglich {tax}|
    Mehrwertsteuer|Mehrwertsteuerbetrag|plus {tax}|Steuersumme|Summe Steuer|Umsatzsteuerbetrag
subtotal: Gesamtbetrag netto|Rechnungsbetrag netto|Nettowert|Betrag netto|Summe (netto)|Nettoentgelt|
    Positionen netto
gross_subtotal: Summe der Artikel|Artikelsumme|Zwischen-Summe|Warensumme
total: Gesamtbetrag brutto|Gesamt brutto|Rechnungsendbetrag|Rechnungssumme|Rechnung gesamt|Bruttosumme|
    Summe brutto|Total brutto|Endsumme|Zu bezahlen|Summe inkl. {tax}|Gesamt inkl. {tax}
discount: Preisnachlass|Abzug|Sofortrabatt|Aktionsrabatt|abzgl. Rabatt
shipping: Versandkostenanteil|Lieferung|Frachtkosten|Verpackung und Versand|Transportkosten
invoice_no: Belegnr.|Dokumentnummer|Dokument-Nr.|Faktura|Nummer|Rechn.-Nr.|Rechnungs-Nummer|Rechnungsnr|
    Rechnung #
date: Dokumentdatum|Erstellt am|Datum der Rechnung|Rechn.-Datum|Fakturadatum
due: Zahlbar bis zum|Fällig zum|Fällig bis|Bitte zahlen bis|Zahlung bis|Fälligkeitstag
po: Ihre Bestellnummer|Bestellung|Bestell-Nummer|Kundenbestellung
qty: Anzahl/Einheit|Stückzahl|Mge.|Mg.
desc: Text|Produkt|Artikelbeschreibung|Warenbezeichnung|Ware|Leistungsbeschreibung
price: Nettopreis|Einzelpreis netto|Preis/Einh.|Preis pro Stück|Preis/ME|Stückpreis netto|E.-Preis
amount: Nettobetrag|Gesamtpreis netto|Netto|Positionsbetrag|Gesamt netto|Summe netto|Wert|G.-Preis
iban: IBAN-Nr.|Konto|Unser Konto|Bankverbindung IBAN
service: Mindermengenzuschlag|Maut|Entsorgung
to: Leistungsempfänger|Kundenanschrift|Rechnungsanschrift|Gast|Mieter|Patient|Auftraggeber|Rechnung für
from: Zahlungsempfänger|Anbieter|Verkauf und Versand durch|Leistungserbringer
term_values: Zahlbar innerhalb von {n} Tagen ohne Abzug.|Zahlbar innerhalb von {n} Tagen mit 2 % Skonto, 30 Tage netto|
    Zahlungsziel {n} Tage|Zahlung innerhalb von {n} Tagen ab Rechnungseingang ohne Abzüge.|
    Der Betrag ist sofort nach Erhalt fällig.|2 % Skonto bei Zahlung innerhalb von {n} Tagen
"""
