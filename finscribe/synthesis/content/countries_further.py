"""The habits of further countries, which only composed layouts show; written as those of `countries_english`."""

COUNTRIES = """
code: en-NZ
currency: NZD
signs: $|$|NZD|NZ$
numbers: 1,234.50
dates: d/m/Y|d/m/Y|d/m/y|D Mon Y|D Month Y|d-Mon-Y|D/M/Y
taxes: GST|GST|G.S.T.
rates: 15|15|15.00
tax_id_labels: GST No|GST Number|GST Reg No|GST No.|IRD No
tax_ids: ##-###-###|###-###-###
streets: ## {word} Road|### {word} Street|Unit #, ## {word} Drive|## {word} Quay
cities: Auckland|Wellington|Christchurch|Dunedin|Hamilton|Nelson|{word}ton
city_lines: {city} ####|{city}, ####|{city}
phones: 0# ### ####|+64 # ### ####|02# ### ####
suffixes: Limited|Ltd|Ltd.||& Co
first: Aroha|Liam|Ngaire|Callum|Mere|Hamish|Isla
last: Walker|Ngata|Fraser|Henare|McKay|Taylor|Wright
countries: New Zealand
tax_included: 0.5
weight: 2

code: en-ZA
currency: ZAR
signs: R|R|R|ZAR
numbers: 1 234.50
dates: d/m/Y|Y/m/d|Y-m-d|D Month Y|D Mon Y|d-m-Y
taxes: VAT|VAT
rates: 15|15|15.00
tax_id_labels: VAT No|VAT Reg No|VAT Number|VAT Reg. No.
tax_ids: 4#########
streets: ## {word} Road|### {word} Street|Unit #, {word} Park|## {word} Avenue|P O Box ###
cities: Johannesburg|Cape Town|Durban|Pretoria|Bloemfontein|{word}fontein
city_lines: {city}, ####|{city} ####|{city}
phones: 0## ### ####|+27 ## ### ####
suffixes: (Pty) Ltd|Pty Ltd|CC||(PTY) LTD
first: Thabo|Lerato|Pieter|Anneke|Sipho|Nomsa|Johan
last: Nkosi|Botha|Dlamini|Venter|Naidoo|Mokoena|Steyn
countries: South Africa
tax_included: 0.5
weight: 2

code: en-IE
currency: EUR
signs: €|€|€|EUR
numbers: 1,234.50
dates: d/m/Y|d/m/Y|d/m/y|D Month Y|D Mon Y|d-Mon-Y|Y-m-d
taxes: VAT|VAT|V.A.T.
rates: 23|23|13.5|9|23.00
tax_id_labels: VAT No|VAT Reg No|VAT Number|VAT No.
tax_ids: IE#######@
streets: ## {word} Street|Unit #, {word} Business Park|## {word} Road|# {word} Terrace
cities: Dublin #|Cork|Galway|Limerick|Sligo|Kilkenny|{word}ford
city_lines: {city}|{city}, @## @#@#|Co. {word}, @## @##@|{city} @## @@##
phones: 0# ### ####|+353 # ### ####|0## ######
suffixes: Ltd|Limited|DAC|Ltd.|& Sons|
first: Aoife|Ciarán|Niamh|Declan|Orla|Seán|Gráinne
last: Byrne|Walsh|O'Connor|Doyle|McCarthy|Kavanagh|Nolan
countries: Ireland|Ireland|Republic of Ireland
iban: IE##@@@@##############
tax_included: 0.4
weight: 3

code: fr-BE
currency: EUR
signs: €|€|EUR
numbers: 1.234,50
dates: d/m/Y|d/m/Y|d/m/y|d-m-Y|D Month Y
taxes: TVA|TVA|T.V.A.
rates: 21|21|6|12|21,00
tax_id_labels: TVA|N° TVA|N° d'entreprise
tax_ids: BE 0###.###.###|BE0#########|BE 0### ### ###
streets: Rue de {word} ##|Avenue {word} ###|Chaussée de {word} ###|Place {word} #, bte #
cities: Bruxelles|Liège|Namur|Charleroi|Mons|Louvain-la-Neuve|{word}-sur-Meuse
city_lines: #### {city}|B-#### {city}
phones: 0# ### ## ##|+32 # ### ## ##|04## ## ## ##
suffixes: SRL|SA|SPRL||& Fils
first: Élise|Thomas|Amandine|Quentin|Manon|Olivier
last: Dupont|Lambert|Claes|Renard|Maes|Gilles
countries: Belgique
iban: BE##############
tax_included: 0.4
weight: 2

code: nl-BE
currency: EUR
signs: €|€|EUR
numbers: 1.234,50
dates: d/m/Y|d/m/Y|d/m/y|d-m-Y|D Month Y
taxes: BTW|btw|B.T.W.
rates: 21|21|6|12|21,00
tax_id_labels: BTW|BTW-nr.|Ondernemingsnummer|Btw-nummer
tax_ids: BE 0###.###.###|BE0#########|BE 0### ### ###
streets: {word}straat ##|{word}laan ###|{word}steenweg ###|{word}plein # bus #
cities: Antwerpen|Gent|Brugge|Leuven|Hasselt|Mechelen|{word}gem
city_lines: #### {city}|B-#### {city}
phones: 0# ### ## ##|+32 # ### ## ##|04## ## ## ##
suffixes: BV|NV|BVBA||& Zonen
first: Lotte|Jens|Marijke|Pieter|Fien|Wouter
last: Peeters|Janssens|Maes|Wouters|Goossens|De Smet
countries: België
iban: BE##############
tax_included: 0.4
weight: 2

code: fr-CH
currency: CHF
signs: CHF|CHF|Fr.
numbers: 1'234.50
dates: d.m.Y|d.m.Y|d.m.y|D Month Y
taxes: TVA|TVA
rates: 8.1|8.1|2.6|7.7
tax_id_labels: N° TVA|IDE|No TVA
tax_ids: CHE-###.###.### TVA|CHE-###.###.###
streets: Rue de {word} ##|Route de {word} ###|Chemin du {word} #|Avenue {word} ##
cities: Genève|Lausanne|Fribourg|Neuchâtel|Sion|{word}-les-Bains
city_lines: #### {city}|CH-#### {city}
phones: 0## ### ## ##|+41 ## ### ## ##
suffixes: SA|Sàrl||& Cie
first: Chloé|Bastien|Noémie|Yann|Mélanie|Cédric
last: Favre|Rochat|Perret|Jaquet|Blanc|Monnier
countries: Suisse
iban: CH###################
tax_included: 0.4
weight: 2

code: pt-PT
currency: EUR
signs: €|€|EUR|Eur
numbers: 1.234,50
dates: d/m/Y|d-m-Y|Y-m-d|D Month Y|Y/m/d
taxes: IVA|IVA|I.V.A.
rates: 23|23|6|13|23,00
tax_id_labels: NIF|Contribuinte N.º|NIPC|N.º Contribuinte|Contribuinte|NIF/NIPC
tax_ids: #########|### ### ###|PT#########
streets: Rua {word}, n.º ##|Av. {word}, ###, #.º Esq.|Largo {word}, #|Estrada Nacional ###, km ##
cities: Lisboa|Porto|Braga|Coimbra|Faro|Évora|Vila {word}
city_lines: ####-### {city}|####-### {city}|{city}
phones: 2## ### ###|+351 2## ### ###|9## ### ###
suffixes: Lda.|Lda|S.A.|Unipessoal Lda|& Filhos Lda.|
first: Inês|Rui|Catarina|Nuno|Marta|Tiago
last: Ferreira|Lopes|Carvalho|Fonseca|Moreira|Pinto
countries: Portugal
iban: PT#######################
tax_included: 0.5
weight: 4
"""
