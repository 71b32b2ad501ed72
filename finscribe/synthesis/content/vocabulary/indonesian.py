"""The words of Indonesian finance documents: labels, months, trades and products."""

WORDS = """
invoice: INVOICE|FAKTUR|Faktur Penjualan|Faktur
receipt: STRUK|Kwitansi|NOTA|Nota|BILL|Struk Belanja
credit_note: NOTA KREDIT|Nota Kredit
proforma: FAKTUR PROFORMA|Proforma Invoice
invoice_no: Faktur|Invoice|No. Faktur|Nomor Faktur|No. Invoice|Faktur No
receipt_no: No. Struk|No Nota|No. Bill|Struk
credit_no: No. Nota Kredit
proforma_no: No. Proforma
date: Tanggal|Tgl|Tanggal Faktur|Tgl.
receipt_date: Tanggal|Tgl|TGL|Waktu
due: Jatuh Tempo|Tgl Jatuh Tempo|Tanggal Jatuh Tempo
po: No. PO|Nomor PO|PO
from: Dari|Penjual|Pemasok
to: Kepada|Kepada Yth.|Pelanggan|Pembeli|Ditagihkan kepada
ship_to: Dikirim ke|Alamat Pengiriman
address: Alamat
subtotal: Subtotal|SUB TOTAL|Sub Total|Jumlah|DPP
gross_subtotal: Subtotal|SUB TOTAL|Sub Total|Jumlah
discount: Diskon|DISKON|Potongan|Disc
shipping: Ongkos Kirim|Ongkir|Biaya Kirim
service: Service|Biaya Layanan|Service Charge|SVC CHG|Layanan
rounding: Pembulatan|PEMBULATAN|Rounding
total: Total|TOTAL|Grand Total|TOTAL BAYAR|Total Tagihan|Jumlah Total|TOTAL BELANJA
total_incl: Total termasuk {tax}|Total incl. {tax}
rounded: Total Pembulatan
due_amount: Sisa Tagihan|Sisa Bayar|Kurang Bayar
paid: Uang Muka|DP|Sudah Dibayar
cash: Tunai|TUNAI|CASH|Bayar
change: Kembali|KEMBALI|Kembalian|CHANGE
card: Kartu Debit|BCA|QRIS|Mandiri
qty: Qty|Jml|Banyak
desc: Nama Barang|Keterangan|Deskripsi|Item|Uraian
disc: Disc|Diskon
price: Harga|Harga Satuan|@Harga
amount: Jumlah|Total|Subtotal
code: Kode|Kode Barang
unit: Satuan
pos: No|No.
units: pcs|bh|kg|dus|jam|pak
tax_total: Total {tax}|Pajak
taxable: DPP
included: Termasuk {tax}|incl. {tax}
bank: Bank|Rekening
holder: Atas Nama|A/N|Nama Rekening|Penerima
terms: Syarat Pembayaran|Termin|Pembayaran
term_values: 30 hari|Tunai|{n} hari|{n} hari setelah faktur|COD
phone: Telp|Tlp.|Telp.|HP
thanks: TERIMA KASIH|Terima kasih atas kunjungan Anda|Barang yang sudah dibeli tidak dapat ditukar|
    Selamat datang kembali
page: Halaman|Hal.
customer_no: Kode Pelanggan|No. Pelanggan|Member
order_no: No. Pesanan|No. Order|Surat Jalan|Referensi
delivery: Tanggal Kirim|Tgl Pesan
cashier: Kasir|KASIR|Pelayan|Dilayani oleh
table: Meja|POS|Toko|Tamu
currency: Mata Uang
count: Total Item|Jumlah Item|Total Qty
months: Januari|Februari|Maret|April|Mei|Juni|Juli|Agustus|September|Oktober|November|Desember
months_short: Jan|Feb|Mar|Apr|Mei|Jun|Jul|Agu|Sep|Okt|Nov|Des
weekdays: Sen|Sel|Rab|Kam|Jum|Sab|Min
trades: Toko|Warung|Sumber|Jaya|Makmur|Abadi|Sentosa|Mandiri|Kopi|Resto|Bakery|Elektronik|Restoran|Kedai|
    Rumah Makan|Bakso|Sate|Catering|Apotek|Klinik|Salon|Laundry|Bengkel|Motor|Mebel|Bangunan|Percetakan|
    Komputer|Seluler|Busana|Sepatu|Buku|Optik|Perhiasan|Mainan|Swalayan|Grosir|Distributor|Logistik|
    Travel|Hotel|Penginapan|Asuransi|Konsultan|Teknik|Energi|Tani|Tekstil
products: kabel|lampu|filter|kertas|nasi|goreng|teh|kopi|sekrup|pipa|servis|jam|ayam|ikan|mie|es|susu|
    roti|manis|pedas|besar|kecil|merah|paket|kotak|sabun|apel|jeruk|pisang|kentang|tomat|bawang|selada|
    mentega|telur|tepung|gula|garam|madu|daging|sapi|kambing|udang|cumi|sop|soto|sate|rendang|bakso|
    gado-gado|tahu|tempe|sambal|kerupuk|martabak|bubur|lontong|pecel|lele|bebek|kari|steak|
    kentang goreng|kue|coklat|keju|vanila|stroberi|mangga|kelapa|alpukat|jus|air mineral|lemon tea|
    kopi susu|cappuccino|latte|soda|bir|shampo|tisu|lilin|stop kontak|charger|keyboard|printer|tinta|
    amplop|map|pulpen|buku|kursi|meja|rak|cermin|karpet|jaket|celana|sepatu|kemeja|palu|bor|gergaji|paku|
    mur|pompa|lem|semen|bata|keramik|pasir|tali|rantai|ban|rem|sewa|hari|malam|kamar|sarapan|tiket|iuran|
    kursus|perbaikan|laporan|foto|bahan|bakar|rebus|kukus|panggang|asin|asam|spesial|jumbo|komplit|
    tambah|hijau|hitam|putih|dan|dengan|isi|tanpa
common: gunung|sungai|danau|laut|pulau|jembatan|menara|istana|kampung|pasar|taman|hutan|bambu|melati|
    mawar|bintang|matahari|bulan|langit|awan|angin|api|batu|besi|perak|emas|mutiara|singa|harimau|elang|
    merpati|kuda|lebah|raja|ratu|rumah|dapur|meja|madu|kelapa|mimpi|bahagia|dunia|cahaya|utara|selatan|
    timur|barat|baru|lama|besar|merah|biru|hijau|putih|indah|sejahtera|berkah|cinta|harapan|maju|karya|
    cipta
names: {trade} {common}|{trade} {common} {common}|{common} {common}|{trade} {first}|{trade} {city}|
    {trade} bu {first}|{trade} pak {first}|{common} {trade}|{common} {common} {common}|
    the {common} {trade}
branches: Cabang {city}|Outlet {city}|Cabang ###
refs: No. Kontrak|No. Proyek|Pusat Biaya|Ref. Anda|No. Surat Jalan|No. Pemasok|No. Meter|No. Kasus|NIB
name_key: Nama|Perusahaan
contact: Kontak|U.p.|Narahubung
email_key: Email|E-mail
number_key: Nomor|No.|ID
charges_sum: Total Biaya|Biaya
allowances_sum: Total Potongan|Potongan
premises: Mall {word}|Plaza {word}|Bandara {city}|Stasiun {city}|{word} Square Lantai #|Terminal #|
    {word} Mall Lt. #
related: Faktur asal|No. faktur sebelumnya|Faktur terkait
share_of: dari
base: Per|Jumlah dasar
adjustment: Potongan/Biaya|+/-
rate_key: Tarif|% PPN|%
other_party: Perwakilan pajak|Pengangkut|Agen|Produsen|Gudang|Asuransi|Subkontraktor|Lokasi proyek
seller: Penjual|Pemasok|Penyedia jasa
buyer: Pembeli|Pemesan|Penerima jasa|Alamat pelanggan
titles: Faktur uang muka|Faktur akhir|Faktur gabungan|Faktur sewa|Faktur niaga
of_day: tanggal|tgl.
to_pay: Harus dibayar
remarks: Catatan|Keterangan|Syarat Pembayaran
item_note: Kode pelanggan: {no}|Kode pemasok {no}|Batch {no}, exp. {day}|EAN {no}|Periode {day} - {day}|
    No. seri {no}|harga daftar {sum}|isi {n} pcs|Asal: {city}|Surat jalan {no} tgl {day}
prose: Dikirim ke {city} tanggal {day}, surat jalan {no}.|Cantumkan {no} pada pembayaran.|
    Keterlambatan dikenakan {n}% dan biaya {sum}.|Faktur ini sesuai kontrak dengan {client} tanggal {day}.|
    Terdaftar di {city} nomor {no}|Potongan {n}% sampai {day}: {sum}|Direktur: {person}, {person}|
    Barang milik {vendor} sampai lunas.|Pertanyaan: {person}, telp. {no}|
    Jasa diberikan {day} sampai {day}.|Saldo sebelumnya {sum}.
pay_by: Mohon dibayar paling lambat {due}.|Harap dilunasi sebelum {due}
pay_to: Mohon transfer ke rekening {iban} atas nama {vendor}.|Pembayaran ditransfer ke {iban}.
usual_price: Harga normal|Harga asli
saved: Hemat|Anda hemat
line_sum: Jumlah baris|Total barang|Nilai barang
net_sum: Total tanpa {tax}|Jumlah bersih|Dasar pengenaan
gross_sum: Total dengan {tax}|Jumlah kotor|Total faktur
list_price: Harga daftar|Harga kotor
net_price: Harga bersih|Harga netto
measures: pcs|bh|jam|kg|dus|m|m2|kWh|hari|ltr|bln|set|psg
greeting: Kepada Yth. {person},|Dengan hormat,|Pelanggan yang terhormat,
letter: Atas jasa kami, berikut tagihannya:|Terima kasih atas pesanan tanggal {day}.|Periode {day} sampai {day}:|
    Dikirim dengan surat jalan {no}:|Sesuai kesepakatan dengan {person}:
closing: Hormat kami|Salam hormat|Terima kasih dan hormat kami
till_total: HARUS DIBAYAR|Total bayar|TAGIHAN|** TOTAL **|Jumlah bayar
slip: PEMBELIAN|Jumlah|Pembayaran kartu|DISETUJUI
promotion: Beri pendapat di www.{word}.co.id|Hari ini {n} poin|Voucher {no} berlaku sampai {day}|
    Hemat {sum} untuk kunjungan berikutnya|Buka 8:00 - 22:00
ordered: Sesuai pesanan Anda {po}|Pesanan Anda No. {po} tanggal {day}
dated_at: {city}, {day}
addressed: Kepada Yth.|Yth.
honorifics: Bpk.|Ibu|Bapak
"""

MORE = """
tax_total: Jumlah {tax}|Total Pajak|Jumlah Pajak|Nilai {tax}
subtotal: Sub Jumlah|SUBTTL|SUB TTL|Total Sebelum Pajak|Total Harga|Jumlah Harga|Jumlah Harga Jual
gross_subtotal: Sub Jumlah|SUBTTL|SUB TTL|Jumlah Harga
total: Total Akhir|TTL|Yang Harus Dibayar|Total Pembayaran|Jumlah Tagihan
discount: Potongan Harga|Diskon Member
shipping: Pengiriman|Biaya Antar
invoice_no: Nomor Dokumen|No. Dokumen|Nomor|No. Tagihan
date: Tgl. Faktur|Tanggal Dokumen|Tanggal Terbit
due: Bayar Sebelum|Tgl. Jatuh Tempo|Batas Pembayaran|Dibayar Sebelum
po: No. Order Pembelian|No. Pesanan Anda
qty: Jml.|Kuantitas|Bnyk
desc: Nama|Produk|Nama Produk|Rincian
price: Harga/Unit|Harga @|Hrg Satuan|Harga Sat.
amount: Total Harga|Nilai|Jml Harga
to: Tagihan untuk|Nama Pelanggan
from: Dibayarkan kepada
term_values: Pembayaran {n} hari setelah tanggal faktur|Jatuh tempo {n} hari
"""
