"""The habits of the countries that write English: one block of lines a country, read by `locales`.

In patterns # is a digit, @ a capital letter, {word} an invented word and {region} a state or province.
"""

COUNTRIES = """
code: en-US
currency: USD
signs: $|$|$|USD|US$
numbers: 1,234.50
dates: m/d/Y|m/d/Y|M/D/Y|m/d/y|Month D, Y|Mon D, Y|Y-m-d|m-d-Y|MON D, Y|D Mon Y|Mon d Y
taxes: Tax|TAX|Sales Tax|State Tax|Tax1|TAX 1
rates: 6|7|8|8.25|8.875|5.5|9.5|6.25|10
tax_id_labels: EIN|Tax ID|Federal Tax ID|FEIN|Tax ID #
tax_ids: ##-#######
streets: #### {word} Ave|### {word} Street|#### {word} Blvd|### N {word} Rd|##### {word} Dr, Suite ###|
    P.O. Box ####|#### W {n}th St|### {word} Pkwy #A
cities: Springfield|Austin|Fullerton|Portland|Madison|Reno|Boulder|Savannah|Tulsa|Fargo|{word}ville|
    {word} City
city_lines: {city}, {region} #####|{city}, {region} #####|{city}, {region} #####-####|{city} {region} #####|
    {city}, {region}|{city},{region} #####|{city}, {region}. #####|{city} {region}
regions: AL|AK|AZ|AR|CA|CA|CA|CO|CT|DE|FL|FL|GA|HI|ID|IL|IN|IA|KS|KY|LA|ME|MD|MA|MI|MN|MS|MO|MT|NE|NV|NH|NJ|NM|NY|NY|
    NC|ND|OH|OK|OR|PA|RI|SC|SD|TN|TX|TX|UT|VT|VA|WA|WV|WI|WY|DC|California|Texas|Florida|New York|Illinois|Ohio
phones: (###) ###-####|###-###-####|+1 ### ### ####|###.###.####
suffixes: Inc.|LLC|Corp.|Inc|Co.|& Sons|Group||
first: James|Mary|Oliver|Amelia|Noah|Grace|Ethan|Chloe|Daniel|Ruth|Owen|Stella|Marcus|Hazel|Victor|Joan
last: Smith|Walker|Hughes|Bennett|Clarke|Foster|Marsh|Whitfield|Osborne|Pryce|Langley|Thorne|Ellery|Quigg
countries: USA|United States|United States|U.S.A.
tax_included: 0.05
weight: 8

code: en-GB
currency: GBP
signs: £|£|£|GBP
numbers: 1,234.50
dates: d/m/Y|d/m/Y|d/m/y|d-m-Y|D Mon Y|D MON Y|d-Mon-Y|D Month Y|Y-m-d|D/M/Y
taxes: VAT|VAT|V.A.T.
rates: 20|20|20|5|20.00
tax_id_labels: VAT No|VAT Reg No|VAT Reg. No.|VAT Number|VAT Registration No
tax_ids: GB ### #### ##|GB#########|### #### ##
streets: ## {word} Road|### {word} Street|Unit ##, {word} Industrial Estate|# {word} Lane|## The {word}|
    Flat #, ## {word} Gardens
cities: London|Leeds|Bristol|York|Norwich|Cardiff|{word}ton|{word}ham|{word}bury|Hull
city_lines: {city}|{city} @@# #@@|{city}, @@## #@@|{city}, @# #@@
phones: 0### ### ####|+44 ## #### ####|(0####) ######
suffixes: Ltd|Ltd.|Limited|PLC|LLP|& Co||
first: James|Mary|Oliver|Amelia|Noah|Grace|Ethan|Chloe|Daniel|Ruth|Owen|Stella|Marcus|Hazel|Victor|Joan
last: Smith|Walker|Hughes|Bennett|Clarke|Foster|Marsh|Whitfield|Osborne|Pryce|Langley|Thorne|Ellery|Quigg
countries: United Kingdom|United Kingdom|UK|England
iban: GB##@@@@##############
tax_included: 0.3
weight: 5

code: en-MY
currency: MYR
signs: RM|RM|RM|MYR
numbers: 1,234.50
dates: d/m/Y|d/m/Y|d/m/y|d-m-Y|D Mon Y|D MON Y|d-Mon-Y|D Month Y|Y-m-d|D/M/Y
taxes: GST|GST|SST|Service Tax|Gst
rates: 6|6|6.00|6%|10|8
tax_id_labels: GST ID|GST No|GST REG NO|GST ID NO|GST Reg. No.|SST No|GST NO.
tax_ids: ############|00##########|W##-####-########
streets: NO.##, JALAN {word} #/#|LOT ###, JALAN {word}|NO ## & ##, JALAN {word} ##|#-#, JALAN {word}|
    {n}G, LORONG {word} #|LOT ##, GROUND FLOOR, {word} PLAZA|NO. ##A, PERSIARAN {word}|## JLN {word}
cities: JOHOR BAHRU|SHAH ALAM|PETALING JAYA|KLANG|KUALA LUMPUR|SERI KEMBANGAN|IPOH|PUCHONG|KAJANG|
    GEORGETOWN
city_lines: ##### {city}|##### {city}, SELANGOR|#####, {city}|TAMAN {word}, ##### {city}|
    ##### {city}, JOHOR.|BANDAR {word}, ##### {city}
phones: 03-########|07-#######|+60#-### ####|01#-#######|(06)#######
suffixes: SDN BHD|SDN. BHD.|ENTERPRISE|TRADING|SDN BHD|(M) SDN BHD|RESTAURANT|BHD
first: Ahmad|Siti|Wei|Mei|Hafiz|Nurul|Raj|Kavitha|Chee|Lian|Farid
last: Tan|Lim|Abdullah|Wong|Ismail|Chong|Rahman|Ng|Pillai|Ooi
countries: Malaysia
tax_included: 0.6
weight: 9

code: en-SG
currency: SGD
signs: $|S$|SGD|$
numbers: 1,234.50
dates: d/m/Y|d/m/Y|d/m/y|d-m-Y|D Mon Y|D MON Y|d-Mon-Y|D Month Y|Y-m-d|D/M/Y
taxes: GST|GST
rates: 7|8|9|9.00
tax_id_labels: GST Reg No|UEN|GST Reg. No.|GST No
tax_ids: M#-#######-#|20#######@|M########@
streets: ## {word} Road #0#-##|Blk ### {word} Ave #|### {word} Street ##, #0#-##|# {word} Link
cities: Singapore|SINGAPORE
city_lines: {city} ######|S(######)|{city} ######|{city}######|S ######
phones: 6### ####|+65 6### ####|9### ####
suffixes: Pte Ltd|PTE. LTD.|LLP|Pte. Ltd.|
first: Wei|Jun|Hui|Ling|Arjun|Priya|Xin|Jia
last: Tan|Lee|Goh|Teo|Koh|Chua|Nair
countries: Singapore
tax_included: 0.5
weight: 3

code: en-IN
currency: INR
signs: ₹|Rs.|Rs|INR|₹
numbers: 1,234.50
dates: d/m/Y|d/m/Y|d/m/y|d-m-Y|D Mon Y|D MON Y|d-Mon-Y|D Month Y|Y-m-d|D/M/Y
taxes: GST|IGST|Tax|VAT
rates: 18|5|12|18.00|28|18.0
tax_id_labels: GSTIN|GSTIN No|GST No|GSTIN/UIN
tax_ids: ##@@@@@####@#Z#|29@@@@@####@1Z#
streets: Shop No. #, {word} Complex|##/# {word} Nagar|Plot ##, {word} Industrial Area|
    #th Main, {word} Layout|H.No ##-#-###, {word} Road
cities: Bengaluru|Pune|Chennai|Hyderabad|Jaipur|Kochi|Mumbai|Indore|Surat
city_lines: {city} - ######|{city} ######|{city}-######|{city}, {region} ######|{city}, {region} - ######
regions: Maharashtra|Karnataka|Tamil Nadu|Telangana|Gujarat|Kerala|Delhi|West Bengal|Uttar Pradesh|Rajasthan
phones: +91 ##### #####|0##-########|98########
suffixes: Pvt Ltd|Pvt. Ltd.|& Sons|Traders|Enterprises|Private Limited|Stores|
first: Aarav|Diya|Rohan|Ananya|Vikram|Meera|Karthik|Lakshmi
last: Sharma|Iyer|Patel|Reddy|Nair|Gupta|Banerjee|Desai
countries: India
tax_included: 0.3
scale: 20
weight: 3

code: en-AU
currency: AUD
signs: $|$|AUD|A$
numbers: 1,234.50
dates: d/m/Y|d/m/Y|d/m/y|d-m-Y|D Mon Y|D MON Y|d-Mon-Y|D Month Y|Y-m-d|D/M/Y
taxes: GST|GST
rates: 10|10|10.00
tax_id_labels: ABN|ABN|A.B.N.
tax_ids: ## ### ### ###|###########
streets: ## {word} St|Shop #, ### {word} Road|Level ##, ### {word} Street|# {word} Pde
cities: Sydney|Geelong|Perth|Hobart|Cairns|Ballarat|{word} Creek|{word} Bay
city_lines: {city} {region} ####|{city} {region} ####|{city}, {region} ####|{city} {region}
regions: NSW|NSW|VIC|VIC|QLD|WA|SA|TAS|ACT|NT|New South Wales|Victoria|Queensland
phones: (0#) #### ####|04## ### ###|1300 ### ###
suffixes: Pty Ltd|PTY LTD|Pty. Ltd.||& Co
first: James|Mary|Oliver|Amelia|Noah|Grace|Ethan|Chloe|Daniel|Ruth|Owen|Stella|Marcus|Hazel|Victor|Joan
last: Smith|Walker|Hughes|Bennett|Clarke|Foster|Marsh|Whitfield|Osborne|Pryce|Langley|Thorne|Ellery|Quigg
countries: Australia
tax_included: 0.5
weight: 3

code: en-CA
currency: CAD
signs: $|$|CAD|C$|CA$
numbers: 1,234.50
dates: Y-m-d|m/d/Y|d/m/Y|Month D, Y|Mon D, Y|D-Mon-y
taxes: HST|GST|GST/HST|Tax
rates: 13|5|15|12
tax_id_labels: GST/HST No|HST #|Business No|GST #
tax_ids: #########RT0001|##### #### RT ####
streets: ### {word} St W|#### {word} Road|## {word} Crescent|Suite ###, #### {word} Way
cities: Toronto|Calgary|Halifax|Winnipeg|Regina|{word} Falls
city_lines: {city}, {region} @#@ #@#|{city} {region} @#@ #@#|{city}, {region}|{city}, {region}, @#@#@#
regions: ON|ON|BC|BC|AB|QC|QC|MB|SK|NS|NB|NL|PE|Ontario|Quebec|Alberta
phones: (###) ###-####|###-###-####
suffixes: Inc.|Ltd.|Corp.||Co.
first: James|Mary|Oliver|Amelia|Noah|Grace|Ethan|Chloe|Daniel|Ruth|Owen|Stella|Marcus|Hazel|Victor|Joan
last: Smith|Walker|Hughes|Bennett|Clarke|Foster|Marsh|Whitfield|Osborne|Pryce|Langley|Thorne|Ellery|Quigg
countries: Canada
tax_included: 0.05
weight: 2
"""
