"""The words of Spanish finance documents: labels, months, trades and products."""

WORDS = """
invoice: FACTURA|Factura|FACTURA DE VENTA|Factura simplificada
receipt: RECIBO|Recibo|TICKET|Ticket|COMPROBANTE
credit_note: NOTA DE CRÉDITO|Factura rectificativa|ABONO|Nota de abono
proforma: FACTURA PROFORMA|Proforma
invoice_no: Factura|FACTURA|Nº factura|Factura Nº|Número de factura|Factura núm.|N.º de factura|Nº Fra.
receipt_no: Ticket Nº|Nº ticket|Recibo Nº|Operación
credit_no: Abono Nº|Nota de crédito Nº|Rectificativa Nº
proforma_no: Proforma Nº
date: Fecha|Fecha factura|Fecha de emisión|FECHA|Fecha de factura
receipt_date: Fecha|FECHA|Fecha/hora
due: Vencimiento|Fecha de vencimiento|Fecha límite de pago|Vence
po: Pedido|Nº pedido cliente|Orden de compra|Su pedido
from: Emisor|Proveedor|Vendedor|De
to: Cliente|Facturar a|Datos del cliente|Destinatario|Comprador
ship_to: Enviar a|Dirección de envío|Entrega
address: Dirección|Domicilio
subtotal: Subtotal|Base imponible|Base|Importe neto|Total neto|SUBTOTAL
gross_subtotal: Subtotal|SUBTOTAL|Suma
discount: Descuento|Dto.|DESCUENTO|Descuentos|Bonificación
shipping: Envío|Gastos de envío|Portes|Transporte
service: Servicio|Propina|Recargo|Gastos de gestión|Cubierto|Bolsa
rounding: Redondeo|Ajuste redondeo
total: Total|TOTAL|Total factura|Importe total|Total a pagar|TOTAL A PAGAR|Total {code}
total_incl: Total {tax} incluido|TOTAL ({tax} incl.)|Total con {tax} {rate}
rounded: Total redondeado
due_amount: Pendiente de pago|Saldo pendiente|Importe pendiente|Resta
paid: Pagado|Anticipo|A cuenta|Entregado a cuenta
cash: Efectivo|EFECTIVO|Entregado|Recibido
change: Cambio|CAMBIO|A devolver
card: Tarjeta|TARJETA|Tarjeta crédito|VISA
qty: Cant.|Cantidad|Uds.|Ud
desc: Descripción|Concepto|Artículo|Producto|Detalle
disc: Dto.|% Dto|Desc.
price: Precio|P. Unit.|Precio unitario|PVP
amount: Importe|Total|IMPORTE
code: Ref.|Código|Cód.
unit: Ud.|Unidad
pos: Nº|Lín.
units: ud|h|kg|uds|m|caja
tax_total: Total {tax}|Cuota {tax}
taxable: Base|Base imp.
included: {tax} incluido|incluye {tax}|del que {tax}
bank: Banco|Entidad
holder: Titular|Titular de la cuenta|Beneficiario
terms: Forma de pago|Condiciones de pago|Pago
term_values: 30 días|Al contado|30 días fecha factura|{n} días|Transferencia a {n} días|Pago inmediato|
    A la vista
phone: Tel.|Teléfono|Tfno|TLF
thanks: GRACIAS POR SU VISITA|Gracias por su compra|Vuelva pronto|
    Conserve su ticket para cambios en {n} días|Gracias por confiar en nosotros
page: Página|Pág.
customer_no: Nº cliente|Cód. cliente|Socio
order_no: Albarán|Presupuesto|Referencia|Proyecto|Contrato
delivery: Fecha de entrega|Fecha pedido|Periodo
cashier: Cajero|Le atendió|Vendedor|Atendido por
table: Mesa|Caja|Tienda|Comensales
reg: Reg. Mercantil|Tomo|Hoja
currency: Moneda|Divisa
count: Nº artículos|Artículos|Total uds.
continued: Suma y sigue
months: enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre
months_short: ene|feb|mar|abr|may|jun|jul|ago|sep|oct|nov|dic
weekdays: lun|mar|mié|jue|vie|sáb|dom
trades: Panadería|Suministros|Construcciones|Ferretería|Talleres|Librería|Transportes|Bodegas|
    Restaurante|Informática|Carnicería|Pescadería|Frutería|Pastelería|Cafetería|Bar|Taberna|Mesón|
    Pizzería|Hotel|Hostal|Taller|Neumáticos|Taxi|Carpintería|Fontanería|Electricidad|Pinturas|Jardinería|
    Papelería|Joyería|Óptica|Zapatería|Juguetería|Peluquería|Lavandería|Limpiezas|Seguros|Alquiler|
    Viajes|Inmobiliaria|Arquitectos|Abogados|Asesoría|Software|Energía|Imprenta|Formación|Distribuciones|
    Servicios|Muebles|Farmacia|Supermercado|Aceites
products: cable|lámpara|filtro|papel|pan|café|tornillo|tubo|mantenimiento|hora|montaje|queso|cerveza|
    menú|licencia|limpieza|madera|pintura|grande|pequeño|rojo|piezas|caja|año|señal|manzana|naranja|
    patata|tomate|cebolla|lechuga|leche|mantequilla|yogur|huevo|harina|azúcar|sal|miel|arroz|pasta|carne|
    jamón|chorizo|pescado|gamba|sopa|tarta|helado|té|agua|zumo|vino|limonada|jabón|champú|vela|bombilla|
    enchufe|cargador|teclado|pantalla|impresora|tinta|sobre|carpeta|bolígrafo|cuaderno|silla|mesa|
    estante|espejo|alfombra|cortina|chaqueta|pantalón|zapatos|camisa|martillo|taladro|sierra|clavo|
    tuerca|válvula|bomba|cola|cemento|ladrillo|azulejo|arena|cuerda|cadena|neumático|freno|alquiler|día|
    noche|habitación|desayuno|viaje|billete|cuota|curso|reparación|revisión|informe|traducción|fotos|
    suscripción|materiales|embalaje|aceite|aceituna|chocolate|doble|verde|negro|blanco|con|y|de|sin
common: molino|bosque|monte|valle|río|lago|mar|isla|puente|torre|castillo|pueblo|rincón|mercado|plaza|
    puerto|puerta|jardín|prado|roble|pino|rosa|lirio|estrella|sol|luna|cielo|nube|viento|fuego|piedra|
    hierro|plata|oro|perla|león|oso|lobo|zorro|águila|cisne|caballo|abeja|rey|reina|casa|patio|cocina|
    mesa|pan|miel|olivo|cereza|uva|sueño|alegría|mundo|punto|ola|luz|norte|sur|este|oeste|nuevo|viejo|
    grande|rojo|azul|verde|blanco|negro|dorado
names: el {common}|la {common}|los {common}s|casa {last}|casa {first}|{trade} el {common}|
    {trade} la {common}|{trade} {last}|{trade} de {city}|el {common} de {city}|{common} y {common}|
    hermanos {last}|hijos de {last}|{common} {common}|la {common} del {common}|{common}.es|
    {trade} y {trade}
branches: Sucursal {city}|Tienda ###|Delegación {city}
refs: Nº contrato|Nº proyecto|Centro de coste|Referencia comprador|Nº albarán|Su referencia|Expediente|GLN|
    Nº proveedor|Ref. contable|CUPS|Nº contador|Orden de servicio
name_key: Nombre|Razón social|Empresa
contact: Contacto|Persona de contacto|A la atención de
email_key: Correo|E-mail|Email
number_key: Número|Nº|ID
charges_sum: Total cargos|Cargos|Recargos
allowances_sum: Total descuentos|Deducciones|Bonificaciones
premises: Centro comercial {word}|Aeropuerto de {city}|Estación de {city}|Galería {word}|Terminal #|
    C.C. {word}, Local ##
related: Factura original|Factura rectificada|Factura anterior n.º|Factura relacionada
share_of: sobre|de
base: Por|Cant. base|Base precio
adjustment: Dto./Cargo|+/-
rate_key: Tipo|% IVA|%
other_party: Representante fiscal|Transportista|Agente|Fabricante|Almacén|Aseguradora|Subcontratista|
    Lugar de la obra
seller: Vendedor|Proveedor|Prestador|Emisor de la factura
buyer: Comprador|Datos del comprador|Contratante|Receptor|Razón social del cliente
titles: Factura de anticipo|Factura final|Factura resumen|Factura de alquiler|Factura comercial
of_day: de|del|con fecha
to_pay: A pagar|Líquido a pagar|Total a pagar|Importe a pagar
remarks: Observaciones|Notas|Condiciones de pago
item_note: Ref. cliente: {no}|Ref. proveedor {no}|Lote {no}, caduca {day}|EAN {no}|Periodo {day} - {day}|
    Nº de serie {no}|precio tarifa {sum}|por {n} uds.|Origen: {city}|Albarán {no} de {day}|pedido {no} línea {n}
prose: Entregado en {city} el {day} con albarán {no}.|Indique la referencia {no} en su pago.|
    La demora devenga un interés del {n}% y una comisión de {sum}.|
    Factura según el contrato con {client} de {day}.|Registro Mercantil de {city}, hoja {no}|
    Pronto pago {n}% hasta el {day}: {sum}|Administradores: {person}, {person}|
    La mercancía es propiedad de {vendor} hasta su pago.|Consultas: {person}, tel. {no}|
    Servicio prestado del {day} al {day}.|Su saldo anterior era de {sum}.
pay_by: Páguese antes del {due}.|A pagar como máximo el {due}
pay_to: Transferencia a la cuenta {iban}.|Ingrese el importe en {iban} a nombre de {vendor}.|
    Pago por transferencia: {iban}, indicando {no}
usual_price: Antes|Precio normal
saved: Ahorro|Usted ahorra
line_sum: Suma de líneas|Total líneas|Importe líneas|Suma de artículos
net_sum: Total sin {tax}|Base imponible total|Total neto|Neto sin {tax}
gross_sum: Total con {tax}|Total bruto|Total factura|Importe total con {tax}
list_price: Precio de lista|PVP|Precio bruto|Tarifa
net_price: Precio neto|Su precio|P. neto
measures: ud|uds|h|hora|kg|caja|m|m²|kWh|día|l|mes|pza|lote|par
greeting: Estimados señores:|Estimado/a {person}:|Muy señores nuestros:|Estimado cliente:
letter: Por nuestros servicios facturamos lo siguiente:|Gracias por su pedido del {day}.|
    Servicios del {day} al {day}:|Entregado con albarán {no}:|Según lo acordado con {person}:
closing: Atentamente|Un cordial saludo|Saludos cordiales|Reciba un cordial saludo
till_total: A PAGAR|Total a pagar|IMPORTE|Por pagar|** TOTAL **|Total ticket
slip: VENTA|Importe|Pago con tarjeta|Operación|AUTORIZADA
promotion: Díganos su opinión en www.{word}.es|Hoy habría ganado {n} puntos|Vale {no} válido hasta {day}|
    Ahorre {sum} en su próxima compra|Abierto de 8:00 a 22:00|Síganos: {word}
ordered: Su pedido {po}|Según su pedido {po} de fecha {day}|Ref. su pedido n.º {po}
dated_at: {city}, a {day}|En {city}, a {day}|{city}, {day}
addressed: Señores|Sres.|Sr./Sra.
honorifics: D.|Dña.|Sr.|Sra.
"""

MORE = """
tax_total: Importe {tax}|Cuota|Impuestos|Total impuestos|Importe de {tax}|Impuesto|Cuota tributaria|+ {tax}
subtotal: Total base imponible|Suma|Neto|Importe base|Total antes de impuestos
gross_subtotal: Total artículos|Sub-total|Total productos
total: Total con {tax}|Total general|Total documento|Importe de la factura|Líquido|Total importe|
    Total neto a pagar|Suma total
discount: Descuento comercial|Rebaja|Dto|Promoción
shipping: Gastos de transporte|Coste de envío|Flete
invoice_no: Núm. factura|Nº de factura|Nº documento|Número|Factura n.º|Factura número
date: Fecha expedición|Fecha del documento|Fecha doc.|Emitida el|Fecha de expedición
due: Vto.|Fecha vto.|Pagar antes de|Vencimiento el
po: Nº pedido|Pedido cliente|Orden
qty: Ctd.|Unidades|Cdad.|Cant
desc: Denominación|Servicio|Artículos|Descripción del producto|Nombre
price: Precio ud.|Precio/Ud.|Precio neto|P.U.|P. unitario
amount: Importe neto|Total línea|Neto|Valor|Subtotal
iban: Cuenta|N.º de cuenta|Cuenta bancaria|C/C|Ingreso en cuenta
service: Recargo de equivalencia|Punto verde
to: Facturado a|Datos de facturación|Dirección de facturación|Huésped
from: Datos del emisor|Vendido por|Expedido por|Beneficiario
term_values: Transferencia bancaria a {n} días fecha factura|Pago a {n} días|Recibo domiciliado a {n} días|
    Pago al contado por transferencia
"""
