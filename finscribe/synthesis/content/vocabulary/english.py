"""The words of English finance documents: labels, months, trades and products."""

WORDS = """
invoice: INVOICE|Invoice|TAX INVOICE|Tax Invoice|Sales Invoice|COMMERCIAL INVOICE|INVOICE / BILL|
    SIMPLIFIED TAX INVOICE
receipt: RECEIPT|Receipt|CASH RECEIPT|Sales Receipt|CASH BILL|CASH SALES|OFFICIAL RECEIPT|Guest Check|
    BILL|CUSTOMER COPY
credit_note: CREDIT NOTE|Credit Note|CREDIT MEMO|Credit Memo|TAX CREDIT NOTE|REFUND NOTE
proforma: PROFORMA INVOICE|Proforma Invoice|PRO FORMA|Pro-Forma Invoice|PRO-FORMA
invoice_no: Invoice|INVOICE|Inv|Invoice No|Invoice No.|Invoice Number|Invoice #|INV NO|Inv. No.|
    Invoice ID|Tax Invoice No|
    INVOICE NO.|Our Invoice
receipt_no: Receipt|Bill|Receipt No|Receipt #|Receipt Number|Bill No|Bill No.|Bill#|Doc No.|Document No|
    Slip No.|
    Trans. No|Check #|RCPT#|No.|CS No
credit_no: Credit Note|Credit Note No|Credit Note No.|Credit Memo #|CN No.|Credit No
proforma_no: Proforma|Proforma No|Proforma No.|Proforma #|PI No.
date: Date|DATE|Invoice Date|Bill Date|Date of issue|Issue Date|Dated|Tax date|Issued|Inv. Date
receipt_date: Date|DATE|Bill Date|Date/Time|Trans Date|Dt|Printed|Time
due: Due Date|Due|Payment Due|Pay by|Due on|Payable by|DUE DATE|Payment due date
po: PO|P.O. No.|PO Number|P.O. #|Purchase Order|PO No|Your PO|Customer PO|Cust. P.O.|Your Order Ref
from: From|Seller|Vendor|Supplier|Sold by|Issued by|Merchant|Company
to: Bill To|BILL TO|Billed To|Invoice To|Customer|Client|Sold To|To|Buyer|Attn|Customer Name|Invoiced to
ship_to: Ship To|SHIP TO|Deliver To|Delivery Address|Shipping Address
address: Address|Addr|Location|Registered office
subtotal: Subtotal|Sub Total|SUBTOTAL|Sub-Total|SUB-TOTAL|Net|Net Amount|Total excl. tax|Net total|
    Total Sales (Excl. Tax)|Items total|Total before tax|Amount before tax
gross_subtotal: Subtotal|Sub Total|SUBTOTAL|SUB-TOTAL|Total Sales (Inclusive)|Items total|Gross|
    Merchandise
discount: Discount|DISCOUNT|Disc|Less Discount|Total Discount|Promo|Voucher|Member Discount|Rebate|
    Loyalty discount
shipping: Shipping|Freight|Delivery|Delivery Fee|Postage|Shipping & Handling|Carriage|S&H
service: Service Charge|Svc Chrg|SERVICE CHARGE|Service|Tip|Gratuity|Handling Fee|Deposit|Bottle deposit|
    Surcharge|Bag charge|Packing
rounding: Rounding|ROUNDING|Rounding Adj|Rounding Adjustment|Round Off|Rounding adj.|Cash Rounding|
    ROUNDING ADJ
total: Total|TOTAL|Grand Total|GRAND TOTAL|Total Amount|Invoice Total|TOTAL AMOUNT|Net Total|
    Total Payable|TOTAL DUE|Amount Payable|Total Price|TOTAL SALES
total_incl: Total Incl. {tax}|TOTAL INCL. {tax}|Total (incl. {tax})|Total Inclusive {tax}|
    TOTAL SALES INCL {tax}|Total Amt Incl {tax}@{rate}
rounded: Total Rounded|Rounded Total|NETT TOTAL|Total After Rounding|Round Total|Amount Payable
due_amount: Amount Due|Balance Due|AMOUNT DUE|Balance|Outstanding|Balance to pay|Remaining balance
paid: Paid|Amount Paid|Deposit paid|Prepaid|Less payment received|Payments|Advance
cash: Cash|CASH|Cash Tendered|CASH TENDERED|Paid Cash|Tendered|Amount tendered|PAYMENT CASH|Received
change: Change|CHANGE|Change Due|CHANGE DUE|Cash Change|Your change
card: VISA|Visa|MASTERCARD|Card|Debit Card|AMEX|Credit Card|EFTPOS|Contactless
qty: Qty|QTY|Quantity|Qnty|Units|Hours|No
desc: Description|DESCRIPTION|Item|ITEM|Product|Details|Particulars|Service|Item Description|Desc
price: Price|Unit Price|Rate|U/P|U.Price|Unit Cost|Price/Unit|PRICE|Each|S/PRICE
disc: Disc|DISC|Disc.|Discount|Disc %|Less
amount: Amount|AMOUNT|Total|Line Total|Amt|TOTAL|Ext. Price|Net Amount|Value
code: Code|SKU|Item No|Part No.|Item Code|Art.
unit: Unit|UOM|U/M
pos: #|No|Pos|Line|S/N
units: pcs|EA|hrs|kg|box|PC|UNIT|set|pkt|L|m
tax_total: Total {tax}|{tax} Total|Tax Total|Total Tax|TOTAL {tax}
taxable: Taxable|Net|Amount|Goods|Taxable amt
included: Includes {tax}|{tax} included|incl. {tax}|{tax} incl.|of which {tax}|Incl {tax}
iban: IBAN|IBAN No.|Account IBAN|Bank Account (IBAN)
bank: Bank|Bank Name|Bankers|Pay to
holder: Account holder|Account Name|Beneficiary|Payee|Payable to
terms: Terms|Payment Terms|Terms of payment|TERMS|Pmt Terms
term_values: Net 30|30 days net|Net 14 days|Due on receipt|14 days|NET 30 DAYS|C.O.D.|Cash on delivery|
    60 days|2% 10 net 30|Payment in advance|Within 7 days|Net {n}|{n} days|{n} days from invoice date|EOM
phone: Tel|TEL|Phone|Ph|T|Tel No.|Contact
fax: Fax|FAX|F
thanks: Thank you|THANK YOU|Thank you for your business!|THANK YOU, PLEASE COME AGAIN|
    Thanks for shopping with us|Have a nice day|Goods sold are not returnable|NO REFUND WITHOUT RECEIPT|
    Please keep this receipt for exchange within {n} days|Make all cheques payable to the above|
    Save up to {n}% next time!|E. & O.E.|Follow us and win|Tell us about your visit
notes: Late payments bear interest of {n}% a month|Please quote the invoice number with your payment|
    Prices include all taxes|Goods remain our property until paid in full|
    Claims within {n} days of delivery only|Computer generated, no signature required|GST registered|
    Items marked * are taxable|Offer valid until 31/12|Our opening hours: 9:00 - 18:00|
    Delivered by {last}, {n} boxes
page: Page|page|Pg
customer_no: Customer No|Customer ID|Account No|Cust #|Member|Member ID|A/C No.
order_no: Order No|Order #|Sales Order|Order ID|Ref|Job No|Quote|Delivery Note|Our Ref|Contract No|Project
delivery: Delivery Date|Ship Date|Date of supply|Order Date|Printed on|Service period|Statement date
cashier: Cashier|CASHIER|Server|Salesperson|Served by|Staff|Operator|Waiter
table: Table|TABLE|Tbl|Terminal|Till|POS|Counter|Guests|Covers|Pax|Shop
reg: Co. Reg. No|Reg No.|Company No.|ROC|Registration No|Lic
currency: Currency|CURRENCY|Ccy|Invoice currency|All amounts in
approved: Approval Code|Auth Code|Trace No|Batch|Ref No|Terminal ID
count: Total Qty|ITEMS|Item Count|No. of items|TOTAL QTY|Total Items|Items sold
continued: Carried forward|Continued on next page|Subtotal page {n}
months: January|February|March|April|May|June|July|August|September|October|November|December
months_short: Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec
weekdays: Mon|Tue|Wed|Thu|Fri|Sat|Sun
trades: Trading|Foods|Hardware|Bakery|Logistics|Supplies|Motors|Books|Pharmacy|Electrical|Cafe|
    Restaurant|Services|Machinery|Stationery|Consulting|Software|Garden|Optics|Fashion|Mart|Kitchen|
    Printing|Security|Media|Tools|Home|Market|Bistro|Grill|Diner|Deli|Pizza|Sushi|Bar|Pub|Tavern|
    Steakhouse|Seafood|Noodles|Hotel|Inn|Lodge|Fuel|Car Wash|Parking|Auto Parts|Tyres|Plumbing|Roofing|
    Flooring|Furniture|Interiors|Toys|Gifts|Jewellers|Shoes|Pets|Farm|Nursery|Flowers|Dental Care|Clinic|
    Gym|Salon|Spa|Laundry|Insurance|Leasing|Rentals|Travel|Couriers|Energy|Telecom|Systems|Solutions|
    Technologies|Industries|Partners|Ventures|Holdings|Studio|Design|Accounting|Law|Academy|School|
    Theatre|Club|Wholesale|Express|Superstore|Department Store|Drinks|Ice Cream|Tea House
products: cable|lamp|filter|paper|chicken|rice|tea|coffee|cake|steel|pipe|screw|brush|shirt|cleaning|
    install|license|monthly|support|battery|bread|milk|noodle|fish|oil|pen|folder|printer|toner|hose|
    engine|service|spare|part|box|large|small|blue|red|organic|fresh|hot|iced|special|set|kit|premium|
    pack|roll|sheet|glass|board|design|workshop|hosting|consulting|training|delivery|wood|paint|soap|
    cream|towel|burger|salad|soup|wine|apple|banana|orange|lemon|tomato|potato|onion|carrot|lettuce|
    spinach|garlic|pepper|egg|butter|cheese|yogurt|sugar|salt|flour|honey|jam|cereal|oats|pasta|beef|
    pork|lamb|turkey|bacon|sausage|shrimp|crab|salmon|tuna|fries|nachos|taco|burrito|sandwich|wrap|pizza|
    steak|ribs|wings|curry|dumpling|sushi|pancake|waffle|muffin|bagel|donut|cookie|brownie|ice cream|
    latte|espresso|cappuccino|mocha|juice|soda|cola|lemonade|water|beer|ale|lager|cocktail|whisky|vodka|
    shampoo|toothpaste|tissue|napkin|detergent|bleach|sponge|candle|bulb|plug|socket|switch|adapter|
    charger|headset|keyboard|mouse|monitor|laptop|tablet|phone|router|printer paper|envelope|stapler|
    notebook|marker|calendar|chair|desk|shelf|drawer|mirror|carpet|curtain|pillow|blanket|jacket|
    trousers|socks|shoes|boots|hat|scarf|gloves|belt|dress|skirt|hammer|drill|saw|nail|bolt|nut|washer|
    bracket|hinge|valve|pump|tape|glue|cement|brick|tile|gravel|sand|plank|fence|gate|rope|chain|tyre|
    brake|clutch|oil change|wash|parking|toll|fare|ticket|room|night|breakfast|lunch|dinner|buffet|
    membership|lesson|course|repair|inspection|survey|translation|editing|photography|rental|lease|
    insurance|subscription|storage|backup|domain|maintenance|analysis|report|travel|mileage|overtime|
    labour|materials|grilled|fried|roasted|spicy|sweet|crispy|double|single|extra|mini|classic|deluxe|
    green|black|white|yellow|golden|smoked|vanilla|chocolate|strawberry|mango|coconut|almond|with|and|of|
    for
common: olive|garden|river|mountain|valley|lake|ocean|island|harbor|bridge|tower|castle|palace|temple|
    village|corner|market|street|square|station|gate|mill|forge|barn|orchard|meadow|forest|oak|maple|
    pine|cedar|willow|rose|lily|lotus|star|sun|moon|sky|cloud|rain|snow|storm|wind|fire|stone|iron|
    silver|gold|diamond|pearl|crystal|lion|tiger|bear|wolf|fox|eagle|falcon|owl|swan|dragon|phoenix|
    horse|bull|bee|dolphin|red|blue|green|white|black|golden|royal|grand|noble|happy|lucky|fresh|fine|
    best|first|prime|premier|superior|classic|modern|new|old|little|big|great|united|national|global|
    central|western|eastern|northern|southern|pacific|atlantic|continental|universal|general|standard|
    family|brothers|mother|daddy|king|queen|prince|captain|pilot|hunter|baker|farmer|fisherman|pepper|
    lemon|honey|ginger|cherry|peach|apple|coconut|bread|butter|coffee|spice|sugar|wine|bamboo|jade|dream|
    hope|joy|smile|spirit|harmony|victory|liberty|heritage|fortune|galaxy|planet|world|point|wave|spark|
    bright|smart|swift|easy|quick|pure|true|simple|azure|urban|country|home|house|kitchen|table|plate|
    bowl|test|sample|model
names: the {common} {common}|{common} {common}|{common} and {common}|{common}'s|
    {common} {common} {trade}|{common} {trade}|{common} of {city}|{city} {trade}|{trade} of {city}|
    old {city} {trade}|{common}{common}|house of {common}|the {common} {trade}|{common} on {common}|
    {common} {common} & {common}|my {common}|{common} to {common}|{common}.com|{trade} {trade}
branches: {city} #####|Store ####|Store No. ###|{city} Branch|Branch ##|Store #### {city}
refs: Contract|Project No|Cost Centre|Buyer Reference|Delivery Note No|Tender No|GLN|Supplier No|Routing ID|
    Accounting Ref|Service Order|Meter No|Booking Ref|Case No|Dispatch Advice
name_key: Name|Company|Company Name|Trading as
contact: Contact|Contact Person|Attn|Account Manager
email_key: Email|E-mail|Mail
number_key: Number|No.|ID|Account
charges_sum: Total charges|Charges|Surcharges
allowances_sum: Total allowances|Allowances|Deductions
premises: {word} Mall|{word} {word} Mall|{city} Airport|{city} International Airport|{word} Center|
    {city} Shopping Centre|{word} Plaza|Terminal #|Food Court|{word} Hotel|{city} Station|{word} Square|
    Level #, {word} Mall|Shop ##, {word} Centre|{word} Retail Park
related: Original Invoice|Related Invoice No|Preceding Invoice|Corrected Invoice|Previous invoice|Refers to Invoice
share_of: of|on
base: Per|Base qty|Price per|Price basis
adjustment: Disc/Chg|+/-|Adj.|Less/Plus
rate_key: Rate|Tax rate|%
other_party: Tax representative|Carrier|Agent|Factor|Subcontractor|Manufacturer|Warehouse|Insurer|Place of work|
    End user
seller: Seller|Supplier|Service provider|Contractor|Issuer|Invoice issuer
buyer: Buyer|Purchaser|Customer address|Ordering party|Recipient of services|Bill-to party
titles: Final Invoice|Interim Invoice|Consolidated Invoice|Rental Invoice|Progress Invoice|Commercial Invoice|
    Premium Invoice|Fee Note
of_day: of|dated|issued on
to_pay: Total due|Net payable|Please pay|To pay|Net to pay
remarks: Remarks|Notes|Additional information|Terms and conditions|Comments
item_note: Item code: {no}|Your item no. {no}|Batch {no}, best before {day}|EAN {no}|Period {day} - {day}|
    Serial No. {no}|list price {sum}|per {n} pcs|Country of origin: {city}|Delivery note {no} of {day}|
    includes deposit {sum}|order {no} line {n}|Colour: {word}
prose: Delivered to {city} on {day} with delivery note {no}.|Please pay to the account named below and state {no}.|
    In case of late payment we charge {n}% above the base rate and a fee of {sum}.|
    This invoice refers to the agreement with {client} of {day}.|{vendor} is registered in {city} under {no}.|
    With {n}% discount until {day} the amount is {sum}.|Managing directors: {person}, {person}|
    Goods remain the property of {vendor} until paid in full.|Questions? {person} will help you, phone {no}.|
    The service was rendered between {day} and {day}.|Your previous balance was {sum}.|
    Payments received up to {day} are taken into account.
pay_by: Please pay by {due}.|Payable by {due} without deduction|Payment is due on {due}.|Pay no later than {due}|
    Kindly transfer the amount by {due} at the latest.
pay_to: Please transfer the amount to {iban}.|Bank transfer: {vendor}, account {iban}|Payment to {iban}, quoting {no}.|
    Kindly pay into our account {iban} at {word} Bank.
usual_price: REG|Reg. price|WAS|Regular price|List price|RRP
saved: SAVED|YOU SAVE|Savings|Member savings|You saved
line_sum: Sum of line net amounts|Line total|Sum of positions|Total of lines|Goods value
net_sum: Total without {tax}|Taxable total|Net invoice total|Tax basis total|Total excl. {tax}
gross_sum: Total with {tax}|Gross total|Invoice total|Invoice total incl. {tax}|Gross amount
list_price: List price|Gross price|Catalogue price|Std price
net_price: Net price|Your price|Net unit price|Price after disc.
ean: EAN|GTIN|Barcode|EAN code
measures: pcs|EA|hrs|h|kg|box|PC|m|m²|kWh|days|L|t|month|set|lb|oz|pair
greeting: Dear Sir or Madam,|Dear {person},|To whom it may concern,|Hello {person},
letter: For our services we charge the following:|Thank you for your order of {day}.|
    We invoice you for the period from {day} to {day} as agreed:|Please find below what we delivered under {no}.|
    As agreed with {person} we charge:|Your contract {no} is due for payment on the following terms.
closing: Yours sincerely|Kind regards|Yours faithfully|With best wishes|Best regards,
till_total: BALANCE DUE|Balance due|AMOUNT DUE|TO PAY|Total due|Take-out total|Eat in total|BALANCE|Amt due|
    PLEASE PAY|*** TOTAL ***
slip: PURCHASE|Sale|Card payment|AUTH AMT|Amount|Payment amount|Charge|APPROVED
promotion: Tell us how we did at www.{word}.com and win {sum}|Valid within {n} days of purchase|
    You could have earned {n} points today|Survey code: {no}|Ask about our offers on {day}|
    Like us, follow us: {word}|Children eat free from {n} pm|Save {sum} on your next visit|Code {no} expires {day}|
    We hope to see you again soon|Open daily from 8:00 to 22:00|{n} stamps collected, {n} to go
ordered: Your order {po}|Your order no. {po} of {day}|With reference to your order {po}|
    as per your order {po} dated {day}|For your order {po}, with thanks|Your PO {po}, delivery note {no}
dated_at: {city}, {day}|{city}, the {day}|Dated {day}|Date of issue {day}
addressed: To|Messrs|M/s|The Accounts Department|Attention: Accounts Payable
honorifics: Mr|Mrs|Ms|Dr.|Mr.|Mr & Mrs
"""

MORE = """
tax_total: {tax} amount|{tax} Amount|Tax amount|TAX AMOUNT|Amount of {tax}|Add {tax}|Plus {tax}|{tax} total|
    Total tax|Tax total|Total taxes|Taxes|{tax} payable|{tax} charged|{tax} Amt|Tax Amt|{tax} value|
    Estimated tax|TTL TAX|TAX TTL
subtotal: Untaxed amount|Amount excl. {tax}|Net value|Net worth|Goods total|SUBTTL|SUB TTL|S/TOTAL|Sub-Tot|
    Sub Ttl|Net sales|NET SALES|Order subtotal|Merchandise total|Food total|Total net
gross_subtotal: SUBTTL|SUB TTL|S/TOTAL|Order subtotal|Merchandise total|Food total|Item total|Sale subtotal
total: Total to pay|TTL|Bill total|Order total|Total sale|Invoice value|Total inc {tax}|Total incl. {tax}|
    Gross total|Gross worth|Payable|Final total|Invoice amount|Total charged|Total cost|Purchase total|
    Amount to pay|Total (incl. {tax})|Total invoice amount
discount: Less|Trade discount|Markdown|Price reduction
shipping: Shipping cost|Shipping charges|Courier|Transport|Delivery charge|P&P|Freight charges
invoice_no: Invoice no|Document no.|Doc. number|Bill number|Invoice ref|Number|Tax invoice|Inv #|#
date: Invoice date|Document date|Doc. date|Billing date|Date of invoice|Created|Invoiced on
due: Payment due by|Due by|Pay before|Date due|Please pay by|Payable on
po: Purchase order no|Buyer's order no|Customer order no.|Cust. order|Your order no.
qty: Qty.|Count|Ordered|Shipped|Pcs
desc: Item name|Name|Product name|Goods|Service description|Article|Product / service|What for
price: Net price|Price each|Price per unit|Unit net|Rate per unit|Price (net)|Cost
amount: Net worth|Net value|Line amount|Total net|Extended|Sum|Item total|Subtotal|Net total
service: Handling|Booking fee|Platform fee|Fuel surcharge
to: Billing address|Invoice address|Bill-to|Patient|Guest|Tenant|Responsible party|Charge to|
    Customer details|Invoice for|Prepared for
from: Remit to|Remit payment to|Service provider|Pay to the order of|Sold and shipped by
term_values: Payment within {n} days, please|Payment is due within {n} days of the date of this invoice.|
    Please pay within {n} days of receipt|NET {n} DAYS|Strictly {n} days net|Due upon receipt|
    {n} days end of month|Payment due in full within {n} days by bank transfer
"""
