"""The words of Portuguese finance documents: labels, months, trades and products."""

WORDS = """
invoice: FATURA|Fatura|NOTA FISCAL|Nota Fiscal de Serviço
receipt: RECIBO|Recibo|CUPOM FISCAL|Comprovante
credit_note: NOTA DE CRÉDITO|Nota de Crédito
proforma: FATURA PROFORMA|Fatura Proforma
invoice_no: Fatura nº|Número da fatura|Nota Fiscal nº|NF nº|Nº da nota
receipt_no: Cupom nº|Recibo nº|COO|Extrato nº
credit_no: Nota de crédito nº
proforma_no: Proforma nº
date: Data|Data de emissão|Emissão|Emitida em
receipt_date: Data|DATA|Data/Hora
due: Vencimento|Data de vencimento|Vence em|Pagar até
po: Pedido de compra|Ordem de compra|Pedido do cliente
from: Emitente|Fornecedor|Prestador|De
to: Cliente|Tomador|Destinatário|Para|Cobrar de
ship_to: Entregar em|Endereço de entrega
address: Endereço
subtotal: Subtotal|SUBTOTAL|Valor líquido|Total sem impostos|Valor dos produtos
gross_subtotal: Subtotal|SUBTOTAL|Total bruto|Valor dos produtos
discount: Desconto|DESCONTO|Descontos
shipping: Frete|Entrega|Taxa de entrega
service: Serviço|Taxa de serviço|Gorjeta|Couvert|Acréscimo|Embalagem
rounding: Arredondamento
total: Total|TOTAL|VALOR TOTAL|Total a pagar|TOTAL R$|Valor da nota
total_incl: Total com {tax}|Total incl. {tax}
rounded: Total arredondado
due_amount: Saldo devedor|Valor em aberto|Saldo a pagar|Restante
paid: Pago|Sinal|Adiantamento|Entrada
cash: Dinheiro|DINHEIRO|Valor recebido
change: Troco|TROCO
card: Cartão|Cartão de crédito|Cartão débito|PIX
qty: Qtd|QTD|Quant.|Qtde.
desc: Descrição|Produto|Item|Discriminação
disc: Desc.|Desconto
price: Preço|Vl. Unit.|Valor unitário|Preço unit.
amount: Valor|Total|Vl. Total|Valor total
code: Cód.|Código
unit: UN|Und
pos: Item|#
units: UN|un|kg|h|cx|PC|m
tax_total: Total {tax}|Valor {tax}
taxable: Base|Base de cálculo
included: {tax} incluso|inclui {tax}
bank: Banco
terms: Condições de pagamento|Forma de pagamento|Pagamento
term_values: 30 dias|À vista|{n} dias|Boleto {n} dias|28 DDL|{n} dias da emissão
phone: Tel|Fone|Telefone
thanks: OBRIGADO, VOLTE SEMPRE|Obrigado pela preferência|Volte sempre!|
    Trocas em até {n} dias com este cupom
page: Página|Pág.
customer_no: Cód. cliente|Nº do cliente
order_no: Pedido|Orçamento|Contrato|Referência
delivery: Data de entrega|Data do pedido|Competência
cashier: Operador|Caixa|Vendedor|Garçom
table: Mesa|Loja|PDV|Comanda
reg: IE|Insc. Estadual|IM
currency: Moeda
count: QTD. TOTAL DE ITENS|Itens
continued: A transportar
months: janeiro|fevereiro|março|abril|maio|junho|julho|agosto|setembro|outubro|novembro|dezembro
months_short: jan|fev|mar|abr|mai|jun|jul|ago|set|out|nov|dez
weekdays: seg|ter|qua|qui|sex|sáb|dom
trades: Padaria|Comércio|Transportes|Construções|Informática|Farmácia|Restaurante|Papelaria|Materiais|
    Serviços
products: cabo|lâmpada|filtro|papel|pão|café|parafuso|tubo|manutenção|hora|montagem|queijo|cerveja|
    licença|limpeza|madeira|tinta|grande|pequeno|vermelho|peças|caixa|serviço
"""
