"""The words of Italian finance documents: labels, months, trades and products."""

WORDS = """
invoice: FATTURA|Fattura|Fattura immediata|FATTURA ACCOMPAGNATORIA
receipt: RICEVUTA|Ricevuta fiscale|SCONTRINO|DOCUMENTO COMMERCIALE
credit_note: NOTA DI CREDITO|Nota di credito|NOTA DI ACCREDITO
proforma: FATTURA PROFORMA|Proforma|Fattura pro-forma
invoice_no: Fattura|FATTURA|Fattura n.|Numero fattura|N. fattura|Fattura N°|Nr. documento fattura
receipt_no: Ricevuta n.|Scontrino n.|Doc. N.|N. doc.
credit_no: Nota di credito n.|N. nota credito
proforma_no: Proforma n.
date: Data|Data fattura|del|Data emissione|Data documento
receipt_date: Data|DATA|Data/ora
due: Scadenza|Data scadenza|Da pagare entro|Scad.
po: Ordine|Vs. ordine|N. ordine cliente|Rif. ordine
from: Fornitore|Cedente|Mittente|Da
to: Spett.le|Cliente|Intestatario|Destinatario|Cessionario|Fatturare a
ship_to: Luogo di consegna|Destinazione merce|Spedire a
address: Indirizzo|Sede|Sede legale
subtotal: Imponibile|Totale imponibile|Subtotale|Totale netto|Netto
gross_subtotal: Subtotale|SUBTOTALE|Totale merce
discount: Sconto|SCONTO|Sconti|Abbuono
shipping: Spedizione|Spese di trasporto|Trasporto|Spese di spedizione
service: Servizio|Coperto|Mancia|Spese incasso|Cauzione|Imballo
rounding: Arrotondamento|Arrot.
total: Totale|TOTALE|Totale fattura|Totale documento|TOTALE EURO|Totale complessivo|Importo totale|
    Netto a pagare
total_incl: Totale {tax} inclusa|TOTALE COMPRESA {tax}|Totale ivato {rate}
rounded: Totale arrotondato
due_amount: Saldo|Residuo da pagare|Importo dovuto|Da saldare
paid: Acconto|Acconto versato|Già pagato|Anticipo
cash: Contanti|CONTANTI|Contante|Importo pagato
change: Resto|RESTO
card: Carta|Bancomat|Carta di credito|Pagamento elettronico
qty: Q.tà|Qta|Quantità|Q.ta
desc: Descrizione|DESCRIZIONE|Articolo|Prodotto
disc: Sconto|Sc. %|Sc.
price: Prezzo|Prezzo unitario|Pr. unit.|Prezzo {sign}
amount: Importo|Totale|IMPORTO|Tot.
code: Cod.|Codice|Cod. art.
unit: U.M.|UM
pos: N.|Riga
units: pz|nr|kg|h|mt|cf
tax_total: Totale {tax}|di cui {tax}|Imposta
taxable: Imponibile|Impon.
included: di cui {tax}|{tax} inclusa|compresa {tax}
bank: Banca|Banca d'appoggio
holder: Intestatario|Beneficiario|Intestato a
terms: Pagamento|Condizioni di pagamento|Modalità di pagamento
term_values: 30 gg|Rimessa diretta|Bonifico 30 gg d.f.|30 giorni data fattura|{n} gg f.m.|{n} giorni|
    Contanti|Vista fattura
phone: Tel.|Telefono|Tel
thanks: GRAZIE E ARRIVEDERCI|Grazie per l'acquisto|Arrivederci|Grazie per averci scelto|
    Contributo CONAI assolto
page: Pagina|Pag.
customer_no: Codice cliente|Cod. cliente|Tessera
order_no: DDT|Preventivo|Riferimento|Commessa|Contratto
delivery: Data consegna|Data ordine|Periodo
cashier: Cassiere|Operatore|Addetto|Cameriere
table: Tavolo|Cassa|Negozio|Coperti
reg: REA|Cap. Soc.|Reg. Imprese
currency: Valuta|Divisa
count: N. articoli|Pezzi|Articoli
continued: Riporto|A riportare
months: gennaio|febbraio|marzo|aprile|maggio|giugno|luglio|agosto|settembre|ottobre|novembre|dicembre
months_short: gen|feb|mar|apr|mag|giu|lug|ago|set|ott|nov|dic
weekdays: lun|mar|mer|gio|ven|sab|dom
trades: Panificio|Ferramenta|Trattoria|Edilizia|Trasporti|Cartoleria|Officina|Farmacia|Arredamenti|
    Pizzeria|Macelleria|Pescheria|Pasticceria|Gelateria|Bar|Osteria|Ristorante|Albergo|Hotel|Agriturismo|
    Autofficina|Gommista|Taxi|Falegnameria|Idraulica|Elettrica|Vivaio|Cartolibreria|Gioielleria|Ottica|
    Calzature|Giocattoli|Parrucchiere|Lavanderia|Pulizie|Assicurazioni|Noleggio|Viaggi|Immobiliare|
    Studio Legale|Consulenza|Software|Energia|Tipografia|Formazione|Distribuzione|Servizi|Mobili|
    Supermercato|Cantina
products: cavo|lampada|filtro|carta|pane|caffè|vite|tubo|manutenzione|ora|montaggio|formaggio|birra|menù|
    licenza|pulizia|legno|vernice|grande|piccolo|rosso|pezzi|scatola|acqua|pizza|mela|arancia|patata|
    pomodoro|cipolla|insalata|latte|burro|yogurt|uovo|farina|zucchero|sale|miele|riso|pasta|carne|
    prosciutto|salame|pesce|zuppa|torta|gelato|tè|succo|vino|limonata|sapone|candela|lampadina|presa|
    caricatore|tastiera|schermo|stampante|inchiostro|busta|cartella|penna|quaderno|sedia|tavolo|scaffale|
    specchio|tappeto|tenda|giacca|pantaloni|scarpe|camicia|martello|trapano|sega|chiodo|dado|valvola|
    pompa|colla|cemento|mattone|piastrella|sabbia|corda|catena|gomma|freno|affitto|giorno|notte|camera|
    colazione|viaggio|biglietto|quota|corso|riparazione|revisione|relazione|traduzione|foto|abbonamento|
    materiali|imballo|olio|oliva|cioccolato|doppio|verde|nero|bianco|con|e|di|senza
common: mulino|bosco|monte|valle|fiume|lago|mare|isola|ponte|torre|castello|borgo|angolo|mercato|piazza|
    porto|porta|giardino|prato|quercia|pino|rosa|giglio|stella|sole|luna|cielo|nuvola|vento|fuoco|pietra|
    ferro|argento|oro|perla|leone|orso|lupo|volpe|aquila|cigno|cavallo|ape|re|regina|casa|cortile|cucina|
    tavola|pane|miele|ulivo|ciliegia|uva|sogno|gioia|mondo|punto|onda|luce|nord|sud|nuovo|vecchio|grande|
    rosso|azzurro|verde|bianco|nero
names: il {common}|la {common}|da {first}|da {last}|al {common}|alla {common}|{trade} il {common}|
    {trade} da {first}|{trade} {last}|{trade} di {city}|il {common} di {city}|{common} e {common}|
    fratelli {last}|{last} e figli|la {common} del {common}|{common}.it|{trade} e {trade}
branches: Filiale di {city}|Sede di {city}|Negozio ###|Punto vendita {city}
refs: Contratto n.|Commessa n.|Centro di costo|Rif. cliente|DDT n.|CIG|CUP|GLN|Cod. fornitore|Codice SDI|POD|
    N. pratica|REA
name_key: Nome|Ragione sociale|Denominazione
contact: Contatto|Referente|C.a.
email_key: E-mail|PEC|Mail
number_key: Numero|N.|ID|Codice
charges_sum: Totale maggiorazioni|Spese|Oneri
allowances_sum: Totale sconti|Sconti|Abbuoni
premises: Centro commerciale {word}|Aeroporto di {city}|Stazione di {city}|Galleria {word}|Terminal #|
    C.C. {word}
related: Fattura originale|Fattura collegata n.|Fattura precedente
share_of: su|di
base: Per|Q.tà base|Base prezzo
adjustment: Sconto/Magg.|+/-
rate_key: Aliquota|% IVA|%
other_party: Rappresentante fiscale|Vettore|Agente|Produttore|Magazzino|Assicurazione|Subappaltatore|Cantiere
seller: Cedente/prestatore|Fornitore|Venditore|Prestatore
buyer: Cessionario/committente|Acquirente|Committente|Cliente destinatario
titles: Fattura di acconto|Fattura a saldo|Fattura riepilogativa|Fattura immediata|Fattura commerciale
of_day: del|in data
to_pay: Netto a pagare|Da pagare|Totale da pagare|Importo da versare
remarks: Note|Annotazioni|Condizioni di pagamento
item_note: Cod. cliente: {no}|Cod. fornitore {no}|Lotto {no}, scadenza {day}|EAN {no}|Periodo {day} - {day}|
    Matricola {no}|prezzo listino {sum}|conf. da {n} pz|Origine: {city}|DDT {no} del {day}|ordine {no} riga {n}
prose: Consegnato a {city} il {day}, DDT {no}.|Indicare il riferimento {no} nel pagamento.|
    In caso di ritardo si applica il {n}% e un importo di {sum}.|
    Fattura relativa al contratto con {client} del {day}.|Registro Imprese di {city}, REA {no}|
    Sconto {n}% entro il {day}: {sum}|Amministratori: {person}, {person}|
    La merce resta di proprietà di {vendor} fino al saldo.|Domande? {person}, tel. {no}|
    Prestazione resa dal {day} al {day}.|Il saldo precedente era di {sum}.
pay_by: Da pagare entro il {due}.|Si prega di saldare entro il {due}.
pay_to: Bonifico bancario su {iban} intestato a {vendor}.|Si prega di versare sul conto {iban}.|
    Pagamento: bonifico {iban}, causale {no}
usual_price: invece di|Prezzo pieno
saved: Risparmio|Hai risparmiato
line_sum: Totale righe|Somma righe|Totale merce|Importo righe
net_sum: Totale senza {tax}|Totale imponibile|Totale netto|Netto merce
gross_sum: Totale con {tax}|Totale lordo|Totale documento|Totale fattura
list_price: Prezzo di listino|Listino|Prezzo lordo
net_price: Prezzo netto|Netto unit.|Vs. prezzo
measures: pz|nr|h|ore|kg|conf|m|mq|kWh|gg|l|mese|sc|set|paia
greeting: Spett.le ditta,|Gentile cliente,|Gent.mo {person},|Egregi signori,
letter: Per i nostri servizi fatturiamo quanto segue:|Grazie per il Vostro ordine del {day}.|
    Prestazioni dal {day} al {day}:|Consegnato con DDT {no}:|Come concordato con {person}:
closing: Cordiali saluti|Distinti saluti|Con i migliori saluti
till_total: DA PAGARE|Importo dovuto|Totale da pagare|TOTALE EURO|** TOTALE **
slip: ACQUISTO|Importo|Pagamento carta|Transazione|AUTORIZZATA
promotion: La tua opinione su www.{word}.it|Oggi avresti raccolto {n} punti|Buono {no} valido fino al {day}|
    {sum} di sconto sulla prossima spesa|Aperto dalle 8:00 alle 20:00|Seguici: {word}
ordered: Vs. ordine {po} del {day}|Rif. Vs. ordine n. {po}|Come da Vostro ordine {po}
dated_at: {city}, {day}|{city}, lì {day}|{city} il {day}
addressed: Spett.le|Spett.le Ditta|Spett.|Egr. Sig.
honorifics: Sig.|Sig.ra|Dott.|Dott.ssa|Ing.
"""

MORE = """
tax_total: Importo {tax}|Totale imposta|Imposte|Totale imposte|Ammontare {tax}|Importo imposta|+ {tax}
subtotal: Importo netto|Base imponibile|Totale righe|Importo imponibile|Tot. imponibile
gross_subtotal: Sub totale|Totale articoli|Totale prodotti
total: Totale con {tax}|Totale ivato|Importo da pagare|Totale generale|Tot. fattura|Totale doc.|
    Importo fattura
discount: Riduzione|Ribasso|Sconto commerciale
shipping: Spese di consegna|Consegna|Costo spedizione|Spese di porto
invoice_no: Nr. fattura|Fattura nr.|Fattura numero|Numero documento|N. documento|Numero
date: Data doc.|Emessa il|Data di emissione|Data della fattura|In data
due: Scadenza pagamento|Pagamento entro|Entro il|Data di scadenza|Scade il
po: Vostro ordine|Rif. Vs. ordine|Numero ordine|Ordine cliente|Ordine n.
qty: Qtà|Quant.|Pezzi
desc: Voce|Descrizione articolo|Oggetto|Merce
price: Prezzo netto|P. unitario|Prezzo un.|Prezzo cad.|Costo unitario
amount: Importo netto|Totale riga|Netto|Valore|Imponibile
iban: Codice IBAN|C/C|Coordinate bancarie|Conto
service: Imposta di bollo|Bollo|Contributo integrativo
to: Dati cliente|Committente|Indirizzo di fatturazione|Ospite
from: Emittente|Dati fornitore|Venduto da|Beneficiario
term_values: Bonifico bancario {n} gg data fattura|Ricevuta bancaria {n} gg f.m.|Pagamento a {n} giorni|
    Bonifico a vista fattura|RI.BA. {n} gg d.f.f.m.
"""
