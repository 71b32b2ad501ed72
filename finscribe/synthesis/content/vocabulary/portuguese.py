"""The words of Portuguese finance documents: labels, months, trades and products."""

WORDS = """
invoice: FATURA|Fatura|NOTA FISCAL|Nota Fiscal de Serviço
receipt: RECIBO|Recibo|CUPOM FISCAL|Comprovante
credit_note: NOTA DE CRÉDITO|Nota de Crédito
proforma: FATURA PROFORMA|Fatura Proforma
invoice_no: Fatura|Nota Fiscal|Fatura nº|Número da fatura|Nota Fiscal nº|NF nº|Nº da nota
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
total: Total|TOTAL|VALOR TOTAL|Total a pagar|TOTAL {sign}|Valor da nota
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
holder: Titular|Titular da conta|Beneficiário
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
    Serviços|Talho|Peixaria|Pastelaria|Café|Bar|Churrascaria|Pizzaria|Hotel|Pousada|Oficina|Pneus|Táxi|
    Carpintaria|Canalizações|Eletricidade|Tintas|Jardinagem|Livraria|Joalharia|Óptica|Sapataria|
    Brinquedos|Cabeleireiro|Lavandaria|Limpezas|Seguros|Aluguer|Viagens|Imobiliária|Arquitetos|Advogados|
    Contabilidade|Software|Energia|Gráfica|Formação|Distribuição|Móveis|Supermercado|Adega
products: cabo|lâmpada|filtro|papel|pão|café|parafuso|tubo|manutenção|hora|montagem|queijo|cerveja|
    licença|limpeza|madeira|tinta|grande|pequeno|vermelho|peças|caixa|serviço|maçã|laranja|batata|tomate|
    cebola|alface|leite|manteiga|iogurte|ovo|farinha|açúcar|sal|mel|arroz|massa|carne|presunto|chouriço|
    peixe|camarão|sopa|bolo|gelado|chá|água|sumo|vinho|limonada|sabão|champô|vela|tomada|carregador|
    teclado|ecrã|impressora|envelope|pasta|caneta|caderno|cadeira|mesa|prateleira|espelho|tapete|cortina|
    casaco|calças|sapatos|camisa|martelo|berbequim|serra|prego|porca|válvula|bomba|cola|cimento|tijolo|
    azulejo|areia|corda|corrente|pneu|travão|aluguer|dia|noite|quarto|pequeno-almoço|viagem|bilhete|
    quota|curso|reparação|revisão|relatório|tradução|fotos|assinatura|materiais|embalagem|azeite|
    azeitona|chocolate|duplo|verde|preto|branco|com|e|de|sem
common: moinho|bosque|monte|vale|rio|lago|mar|ilha|ponte|torre|castelo|aldeia|canto|mercado|praça|porto|
    porta|jardim|prado|carvalho|pinheiro|rosa|lírio|estrela|sol|lua|céu|nuvem|vento|fogo|pedra|ferro|
    prata|ouro|pérola|leão|urso|lobo|raposa|águia|cisne|cavalo|abelha|rei|rainha|casa|pátio|cozinha|mesa|
    pão|mel|oliveira|cereja|uva|sonho|alegria|mundo|ponto|onda|luz|norte|sul|novo|velho|grande|azul|
    verde|branco|dourado
names: o {common}|a {common}|os {common}s|casa do {common}|casa {last}|{trade} o {common}|{trade} {last}|
    {trade} de {city}|o {common} de {city}|{common} e {common}|irmãos {last}|{last} e filhos|
    a {common} do {common}|{common}.pt|{trade} e {trade}
branches: Loja {city}|Loja ###|Filial {city}
refs: Nº contrato|Projeto|Centro de custo|Sua referência|Guia de remessa|Nº fornecedor|GLN|Empenho|Processo|
    Nº do medidor|Ordem de serviço
name_key: Nome|Razão social|Empresa
contact: Contato|A/C|Responsável
email_key: E-mail|Email
number_key: Número|Nº|ID
charges_sum: Total de acréscimos|Acréscimos|Encargos
allowances_sum: Total de descontos|Descontos|Abatimentos
premises: Centro comercial {word}|Aeroporto de {city}|Estação de {city}|Shopping {word}|Terminal #|
    C.C. {word}, Loja ##
related: Fatura original|Fatura relacionada n.º|Fatura anterior
share_of: de|sobre
base: Por|Qtd. base
adjustment: Desc./Acrésc.|+/-
rate_key: Taxa|Alíquota|%
other_party: Representante fiscal|Transportadora|Agente|Fabricante|Armazém|Seguradora|Subcontratado|Local da obra
seller: Vendedor|Fornecedor|Prestador do serviço|Emissor da fatura
buyer: Comprador|Adquirente|Contratante|Tomador do serviço
titles: Fatura de adiantamento|Fatura final|Fatura resumo|Fatura de aluguel|Fatura comercial
of_day: de|datada de
to_pay: A pagar|Total a pagar|Valor a pagar|Líquido a pagar
remarks: Observações|Notas|Condições de pagamento
item_note: Ref. cliente: {no}|Ref. fornecedor {no}|Lote {no}, validade {day}|EAN {no}|Período {day} - {day}|
    Nº de série {no}|preço de tabela {sum}|cx. com {n} un.|Origem: {city}|Guia {no} de {day}
prose: Entregue em {city} em {day}, guia {no}.|Indique a referência {no} no pagamento.|
    O atraso implica juros de {n}% e taxa de {sum}.|Fatura referente ao contrato com {client} de {day}.|
    Registro em {city} sob {no}|Desconto de {n}% até {day}: {sum}|Gerentes: {person}, {person}|
    A mercadoria pertence a {vendor} até o pagamento.|Dúvidas? {person}, tel. {no}|
    Serviço prestado de {day} a {day}.|O saldo anterior era {sum}.
pay_by: Pagar até {due}.|Pagamento a efetuar até {due}, sem desconto
pay_to: Transferência para a conta {iban}.|Pague por transferência para {iban}, em nome de {vendor}.
usual_price: De|Preço normal
saved: Poupou|Economia
line_sum: Soma das linhas|Total das linhas|Total de mercadorias
net_sum: Total sem {tax}|Total líquido|Base total
gross_sum: Total com {tax}|Total bruto|Total da fatura
list_price: Preço de tabela|Preço bruto|Tabela
net_price: Preço líquido|Seu preço|P. líquido
measures: un|und|h|horas|kg|cx|m|m²|kWh|dias|l|mês|pç|par
greeting: Exmos. Senhores,|Prezado(a) {person},|Caro cliente,
letter: Pelos nossos serviços faturamos o seguinte:|Obrigado pelo seu pedido de {day}.|
    Serviços de {day} a {day}:|Entregue com a guia {no}:|Conforme acordado com {person}:
closing: Atenciosamente|Com os melhores cumprimentos|Cordialmente
till_total: A PAGAR|Valor a pagar|TOTAL {sign}|** TOTAL **
slip: COMPRA|Valor|Pagamento cartão|APROVADA
promotion: Dê a sua opinião em www.{word}.com.br|Hoje teria ganho {n} pontos|Vale {no} válido até {day}|
    Poupe {sum} na próxima compra|Aberto das 8:00 às 22:00
ordered: Sua encomenda {po}|Conforme o seu pedido n.º {po} de {day}|Ref.: v/ encomenda {po}
dated_at: {city}, {day}|{city}, em {day}
addressed: Exmo.(s) Sr.(s)|Exmos. Senhores|À
honorifics: Sr.|Sra.|Dr.|Dra.
"""

MORE = """
tax_total: Imposto|Total de impostos|Valor dos impostos|Impostos|Montante {tax}
subtotal: Total dos produtos|Valor dos serviços|Soma
gross_subtotal: Total dos itens|Sub-total|Soma dos itens
total: Total geral|Total da fatura|Valor total da nota|Total com impostos|Total do documento|Valor final
discount: Abatimento|Desconto comercial|Promoção
shipping: Valor do frete|Envio|Portes|Transporte|Custos de envio
invoice_no: Fatura n.º|N.º do documento|Número|Nota nº|Nº da fatura|Documento n.º
date: Data da fatura|Data do documento|Data de emissão do documento
due: Data limite|Vencimento em
po: Encomenda|Ordem de compra nº|Nº do seu pedido
qty: Unidades|Qte.
desc: Designação|Serviço|Nome do produto
price: Preço líquido|Vlr. unit.|P. unit.|Preço un.
amount: Total líquido|Vlr. total|Montante
to: Faturar a|Dados do cliente|Adquirente|Morada de faturação
from: Dados do emitente|Vendido por|Beneficiário
term_values: Fatura a {n} dias|Pronto pagamento|Transferência bancária a {n} dias|Pagamento em {n} dias
"""
