"""The habits of countries that do not write English: one block of lines a country, read by `locales`.

In patterns # is a digit, @ a capital letter and {word} an invented word.
"""

COUNTRIES = """
code: de-DE
currency: EUR
signs: €|€|EUR|Eur|€
numbers: 1.234,50
dates: d.m.Y|d.m.Y|d.m.Y|d.m.y|D. Month Y|Y-m-d|D.M.Y
taxes: MwSt|MwSt.|USt.|USt|Umsatzsteuer
rates: 19|7|19,0|19,00|7,00
tax_id_labels: USt-IdNr.|USt-ID|St.-Nr.|Steuernummer|Steuer-Nr.|UID|Ust-IdNr
tax_ids: DE#########|DE #########|##/###/#####|###/####/####
streets: {word}straße ##|{word}weg #|Am {word} ##a|{word}gasse #|{word}str. ###|{word}platz #|
    Alte {word}allee ##
cities: Berlin|Leipzig|Kassel|Ulm|Bremen|Münster|{word}burg|{word}hausen|{word}stadt|Köln
city_lines: ##### {city}|D-##### {city}|##### {city} a.d. {word}
phones: 0### / ######|+49 ### #######|0###-#######|(0####) #####
suffixes: GmbH|GmbH & Co. KG|AG|e.K.|UG (haftungsbeschränkt)|KG|OHG|
first: Anna|Lukas|Sabine|Jürgen|Petra|Florian|Ulrike|Matthias|Heike|Sören|Katrin|Björn
last: Müller|Schäfer|Vogt|Brandt|Krüger|Hofmann|Winkler|Seidel|Böhm|Lindner|Reuter|Kästner
countries: Deutschland|Deutschland|Germany|DE
iban: DE####################
tax_included: 0.4
weight: 6

code: de-AT
currency: EUR
signs: €|EUR|€
numbers: 1.234,50
dates: d.m.Y|d.m.Y|d.m.Y|d.m.y|D. Month Y|Y-m-d|D.M.Y
taxes: USt.|MwSt.|USt
rates: 20|10|20,00|13
tax_id_labels: UID|UID-Nr.|ATU-Nr.
tax_ids: ATU########
streets: {word}gasse ##/#|{word}straße #|{word}ring ##|{word}zeile #
cities: Wien|Graz|Linz|Salzburg|Villach
city_lines: #### {city}|A-#### {city}
phones: +43 # #######|0#/#######
suffixes: GmbH|KG|OG|Ges.m.b.H.|
first: Anna|Lukas|Sabine|Jürgen|Petra|Florian|Ulrike|Matthias|Heike|Sören|Katrin|Björn
last: Müller|Schäfer|Vogt|Brandt|Krüger|Hofmann|Winkler|Seidel|Böhm|Lindner|Reuter|Kästner
countries: Österreich
iban: AT##################
tax_included: 0.4
weight: 1

code: de-CH
currency: CHF
signs: CHF|CHF|Fr.|SFr.
numbers: 1'234.50
dates: d.m.Y|d.m.Y|d.m.Y|d.m.y|D. Month Y|Y-m-d|D.M.Y
taxes: MWST|MwSt|MWSt.
rates: 8.1|7.7|2.5|2.6
tax_id_labels: MWST-Nr.|UID|MWST Nr
tax_ids: CHE-###.###.### MWST|CHE-###.###.###|CHE ### ### ###
streets: {word}strasse ##|{word}weg #|{word}gasse ##|Im {word} #
cities: Zürich|Bern|Basel|Chur|{word}wil|{word}ikon
city_lines: #### {city}|CH-#### {city}
phones: 0## ### ## ##|+41 ## ### ## ##
suffixes: AG|GmbH|Sàrl||& Cie
first: Anna|Lukas|Sabine|Jürgen|Petra|Florian|Ulrike|Matthias|Heike|Sören|Katrin|Björn
last: Müller|Schäfer|Vogt|Brandt|Krüger|Hofmann|Winkler|Seidel|Böhm|Lindner|Reuter|Kästner
countries: Schweiz|Schweiz|Switzerland
iban: CH###################
tax_included: 0.5
weight: 2

code: fr-FR
currency: EUR
signs: €|€|EUR|€
numbers: 1 234,50
dates: d/m/Y|d/m/Y|d/m/y|d-m-Y|D Mon Y|D MON Y|d-Mon-Y|D Month Y|Y-m-d|D/M/Y
taxes: TVA|TVA|T.V.A.
rates: 20|10|5,5|20,00|20,0
tax_id_labels: N° TVA|TVA Intracom|N° TVA intracommunautaire|TVA|Id. TVA
tax_ids: FR## ### ### ###|FR###########|FR ## #########
streets: ## rue de {word}|# avenue {word}|## bis, rue du {word}|ZA {word}, lot #|### boulevard {word}|
    # place de {word}
cities: Paris|LYON|Nantes|Dijon|LILLE|Rennes|St-{word}|{word}-sur-Loire|Metz
city_lines: ##### {city}|##### {city} CEDEX|F-##### {city}
phones: 0# ## ## ## ##|+33 # ## ## ## ##|0#.##.##.##.##
suffixes: SARL|SAS|SA|EURL|& Fils||SASU
first: Camille|Hugo|Léa|Éric|Chloé|Benoît|Inès|Loïc|Margaux
last: Martin|Lefèvre|Moreau|Garnier|Roux|Chevalier|Besson|Perrin
countries: France|FRANCE|FR
iban: FR#########################
tax_included: 0.5
weight: 5

code: es-ES
currency: EUR
signs: €|€|EUR|Euros
numbers: 1.234,50
dates: d/m/Y|d/m/Y|d/m/y|d-m-Y|D Mon Y|D MON Y|d-Mon-Y|D Month Y|Y-m-d|D/M/Y
taxes: IVA|IVA|I.V.A.
rates: 21|10|4|21,00|10,00
tax_id_labels: NIF|CIF|N.I.F.|C.I.F.|NIF/CIF
tax_ids: B########|A-########|########@|B-########|ESB########
streets: C/ {word}, ##|Calle {word} ##, #º @|Avda. {word}, ###|Plaza {word} #|Pol. Ind. {word}, nave ##|
    Ctra. {word} km #
cities: Madrid|Sevilla|Vigo|Bilbao|GIJÓN|Murcia|{word} del Río|Alcalá de {word}
city_lines: ##### {city}|##### {city} (Madrid)|##### - {city}|##### {city}, España
phones: 9# ### ## ##|+34 ### ### ###|9########
suffixes: S.L.|S.A.|SL|S.L.U.||S.Coop.|e Hijos
first: Lucía|Javier|Marta|Íñigo|Pilar|Andrés|Begoña|Álvaro
last: García|Núñez|Ortega|Ibáñez|Serrano|Cano|Vidal|Peña
countries: España|España|Spain
iban: ES######################
tax_included: 0.5
weight: 4

code: it-IT
currency: EUR
signs: €|€|EUR|Euro
numbers: 1.234,50
dates: d/m/Y|d/m/Y|d/m/y|d-m-Y|D Mon Y|D MON Y|d-Mon-Y|D Month Y|Y-m-d|D/M/Y|d.m.Y
taxes: IVA|IVA|I.V.A.
rates: 22|10|4|22,00|22%
tax_id_labels: P.IVA|P. IVA|Partita IVA|P.Iva|C.F. e P.IVA
tax_ids: #######0###|IT#######0###|IT #######0###
streets: Via {word}, ##|Viale {word} ##|Piazza {word}, #|Corso {word} ###|Via delle {word} #/@|
    Largo {word}, #
cities: Roma|Torino|Bologna|Lecce|Trento|PADOVA|{word} sul Po|San {word}
city_lines: ##### {city} (@@)|##### {city}|##### {city} - @@
phones: 0# ########|+39 ### #######|0##/######
suffixes: S.r.l.|SRL|S.p.A.|S.n.c.|& C. S.a.s.|di {last} {first}|
first: Giulia|Marco|Chiara|Niccolò|Sara|Davide|Elena|Paolo
last: Rossi|Ferrari|Gallo|Conti|Bruno|Fontana|Marchetti|Villa
countries: Italia|Italia|Italy|IT
iban: IT##@######################
tax_included: 0.5
weight: 4

code: nl-NL
currency: EUR
signs: €|€|EUR|€
numbers: 1.234,50
dates: d-m-Y|d-m-Y|D Month Y|d/m/Y|D-M-Y|d-m-y|Y-m-d
taxes: BTW|btw|B.T.W.
rates: 21|9|21,00|6|9,00
tax_id_labels: BTW-nr.|BTW nr|BTW-nummer|BTW-id|Btw nr.
tax_ids: NL#########B##|NL ####.##.###.B##
streets: {word}straat ##|{word}weg ##a|{word}laan ###|{word}plein #|{word}kade ##-#
cities: Utrecht|Delft|Breda|Zwolle|ARNHEM|{word}dam|{word}veen|Den {word}
city_lines: #### @@ {city}|####@@ {city}|#### @@  {city}
phones: 0##-#######|+31 ## ### ####|06-########
suffixes: B.V.|BV|N.V.|V.O.F.||& Zn.
first: Daan|Sanne|Bram|Lotte|Joost|Femke|Thijs|Maartje
last: Visser|Bakker|Mulder|Dekker|Hoekstra|Kuipers|Postma|Blom
countries: Nederland|Nederland|The Netherlands|NL
iban: NL##@@@@##########
tax_included: 0.5
weight: 4

code: pt-BR
currency: BRL
signs: R$|R$|BRL|R$
numbers: 1.234,50
dates: d/m/Y|d/m/Y|d/m/y|d-m-Y|D Mon Y|D MON Y|d-Mon-Y|D Month Y|Y-m-d|D/M/Y
taxes: ISS|ICMS|Impostos|Tributos
rates: 5|18|2|12,00|17,5
tax_id_labels: CNPJ|CNPJ|C.N.P.J.|CNPJ/MF
tax_ids: ##.###.###/0001-##|##.###.###/000#-##
streets: Rua {word}, ###|Av. {word}, ####|Rua Dr. {word}, ## - Sala #|Travessa {word}, ##|
    Rod. {word} km ##
cities: São Paulo|Curitiba|Recife|Goiânia|BELÉM|Campinas|{word} do Sul|Santa {word}
city_lines: {city} - SP|{city}/PR - CEP #####-###|CEP #####-### {city} - MG|{city} - RJ, #####-###
phones: (##) ####-####|(##) 9####-####|+55 ## #### ####
suffixes: Ltda|LTDA ME|S.A.|EIRELI|LTDA|& Filhos|
first: Ana|João|Beatriz|Thiago|Luiza|Otávio|Cecília|Márcio
last: Silva|Souza|Almeida|Barbosa|Cardoso|Teixeira|Araújo|Farias
countries: Brasil|Brasil|Brazil
tax_included: 0.4
scale: 2
weight: 4

code: id-ID
currency: IDR
signs: Rp|Rp|Rp.|IDR
numbers: 1.234,50
dates: d/m/Y|d/m/Y|d/m/y|d-m-Y|D Mon Y|D MON Y|d-Mon-Y|D Month Y|Y-m-d|D/M/Y
taxes: PPN|PB1|Pajak|PPN|Tax|PB 1
rates: 11|10|10|11,00|10.00
tax_id_labels: NPWP|NPWP|No. NPWP
tax_ids: ##.###.###.#-###.###|###############
streets: Jl. {word} No. ##|Jl. Raya {word} Blok @#/##|Ruko {word} No. #|Gedung {word} Lt. #|JL {word} ###|
    Komplek {word} @-##
cities: Jakarta|Bandung|Surabaya|DENPASAR|Medan|Bogor|Semarang|Depok|Tangerang
city_lines: {city} #####|{city}, Jawa Barat|{city} Selatan #####|Kel. {word}, {city}
phones: 021-#######|08##-####-####|(0##) ######|+62 8## #### ###
suffixes: PT|Tbk||CV|Resto|Store|Coffee
first: Budi|Dewi|Agus|Putri|Rizky|Ayu|Fajar|Intan
last: Santoso|Wijaya|Pratama|Lestari|Nugroho|Hidayat|Siregar
countries: Indonesia
tax_included: 0.3
decimals: 0
scale: 2500
weight: 5

code: pl-PL
currency: PLN
signs: zł|zł|PLN|zl|PLN
numbers: 1 234,50
dates: d.m.Y|d.m.Y|Y-m-d|D Month Y|d-m-Y|d.m.y|d/m/Y
taxes: VAT|VAT|PTU|podatek VAT
rates: 23|8|5|23,00
tax_id_labels: NIP|NIP|NIP:|VAT ID
tax_ids: ###-###-##-##|##########|PL##########|PL ### ### ## ##
streets: ul. {word}a ##|ul. {word}ska ##/#|al. {word}ska ###|os. {word}e #|pl. {word}i #
cities: Warszawa|Kraków|Łódź|Poznań|GDAŃSK|Toruń|{word}ów|Nowy {word}
city_lines: ##-### {city}
phones: ## ### ## ##|+48 ### ### ###|### ### ###
suffixes: Sp. z o.o.|S.A.|sp.j.||s.c.|Sp. z o.o. Sp. k.
first: Jan|Agnieszka|Paweł|Zofia|Michał|Łucja|Grażyna|Tomasz
last: Kowalski|Nowak|Wójcik|Zieliński|Mazur|Dąbrowska|Lis|Król
countries: Polska|Polska|Poland
iban: PL##########################
tax_included: 0.5
scale: 4
weight: 3

code: sv-SE
currency: SEK
signs: kr|kr|SEK|kr
numbers: 1 234,50
dates: Y-m-d|Y-m-d|Y-m-d|D Month Y|d/m/Y|D Mon Y
taxes: Moms|moms|MOMS
rates: 25|12|6|25,00
tax_id_labels: Momsreg.nr|VAT-nr|Org.nr|Org nr|Organisationsnr
tax_ids: SE##########01|######-####|55####-####
streets: {word}gatan ##|{word}vägen #|Box ###|{word}torget ##|Stora {word}gatan #B
cities: Malmö|Göteborg|Umeå|Lund|VÄXJÖ|{word}köping|{word}sund
city_lines: ### ## {city}|S-### ## {city}|##### {city}
phones: 0##-### ## ##|+46 ## ### ## ##|08-######
suffixes: AB|Aktiebolag|HB||& Co AB
first: Erik|Åsa|Lars|Elin|Göran|Maja|Nils|Ebba
last: Andersson|Lindqvist|Öberg|Sjögren|Nyström|Holm|Åkesson
countries: Sverige
iban: SE######################
tax_included: 0.6
scale: 10
weight: 3

code: da-DK
currency: DKK
signs: kr.|kr|DKK|kr.
numbers: 1.234,50
dates: d-m-Y|d.m.Y|d.m.y|D. Month Y|Y-m-d|d/m/Y
taxes: Moms|moms|MOMS
rates: 25|25|25,00|25%
tax_id_labels: CVR|CVR-nr.|CVR nr.|SE-nr.|Cvr.nr
tax_ids: ########|DK########|DK ## ## ## ##
streets: {word}gade ##|{word}vej #|{word}stræde ##, # sal|{word} Allé ###|Gl. {word}vej #
cities: København|Aarhus|Odense|Vejle|RØNNE|{word}borg|{word}lund
city_lines: #### {city}|DK-#### {city}|#### {city} @
phones: ## ## ## ##|+45 ########|########
suffixes: ApS|A/S|I/S||& Søn
first: Søren|Mette|Jens|Freja|Anders|Signe|Kåre|Birgit
last: Nielsen|Jørgensen|Møller|Holm|Kjær|Bæk|Østergaard
countries: Danmark
iban: DK################
tax_included: 0.6
scale: 7
weight: 3
"""
