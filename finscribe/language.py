"""Which language a text is in, from its script and from common words of invoices."""

import re
from collections import Counter

_SCRIPTS = (  # first and last code point, language; in order of precedence
    (0x3040, 0x30FF, "ja"),
    (0xAC00, 0xD7AF, "ko"),
    (0x4E00, 0x9FFF, "zh"),
    (0x0600, 0x06FF, "ar"),
    (0x0590, 0x05FF, "he"),
    (0x0400, 0x04FF, "ru"),
    (0x0370, 0x03FF, "el"),
    (0x0E00, 0x0E7F, "th"),
    (0x0900, 0x097F, "hi"),
)
_OTHER_SCRIPT = re.compile(f"[{''.join(f'{chr(first)}-{chr(last)}' for first, last, _ in _SCRIPTS)}]")
_COMMON = {
    "en": "the and of to for with by from you invoice receipt bill date due total subtotal tax cash "
    "change amount number no qty quantity price item description thank please payment paid balance "
    "tel phone",
    "de": "und der die das von für mit bei wir sie rechnung datum betrag summe menge preis mwst netto "
    "brutto zahlbar bitte gesamt stück kunde lieferung straße ust",
    "fr": "le la les et du des pour avec sur facture montant prix quantité tva ttc ht échéance merci net "
    "adresse total client désignation remise",
    "es": "el los las y del para con por factura fecha importe cantidad precio iva cliente gracias total "
    "subtotal",
    "it": "il di del della per con fattura importo quantità prezzo imponibile scadenza totale grazie "
    "cliente iva",
    "pt": "os da do das dos para com por fatura nota fiscal valor quantidade preço total obrigado cliente "
    "iva",
    "nl": "de het een en van voor met factuur datum bedrag aantal prijs btw totaal bedankt klant vervaldatum",
    "pl": "dla faktura ilość cena razem sprzedawca nabywca netto brutto zapłaty termin wartość nip",
    "sv": "och för med faktura datum belopp antal pris moms totalt betala förfallodatum att summa kund",
    "da": "og til med faktura dato beløb antal pris moms betaling forfaldsdato kunde kr",
    "cs": "pro faktura datum částka množství cena celkem dodavatel odběratel splatnosti dph kč",
    "id": "dan untuk dengan faktur tanggal jumlah harga total subtotal terima kasih tunai kembali pajak",
}
_LANGUAGES: dict[str, list[str]] = {}
for _code, _words in _COMMON.items():
    for _word in _words.split():
        _LANGUAGES.setdefault(_word, []).append(_code)


def guess_language(text: str) -> str | None:
    """The likely language as an ISO 639-1 code, from scripts and common words; None where unclear."""
    sample = text[:20_000]
    return _by_script(sample) or _by_words(sample)


def _by_script(text: str) -> str | None:
    if not _OTHER_SCRIPT.search(text):
        return None
    letters = [ord(char) for char in text if char.isalpha()]
    starts = Counter(_script(code) for code in letters if code >= 0x370)
    for language in ("ja", "ko", "zh", "ar", "he", "ru", "el", "th", "hi"):
        if starts[language] > max(3, 0.15 * len(letters)):
            return language
    return None


def _script(code: int) -> str | None:
    return next((language for first, last, language in _SCRIPTS if first <= code <= last), None)


def _by_words(text: str) -> str | None:
    counts = Counter(re.findall(r"[^\W\d_]+", text.lower()))
    votes: Counter[str] = Counter()
    for word in counts.keys() & _LANGUAGES.keys():
        for language in _LANGUAGES[word]:
            votes[language] += counts[word] * (12 // len(_LANGUAGES[word]))
    second, most = sorted((0, 0, *votes.values()))[-2:]
    return max(votes, key=votes.__getitem__) if most >= 24 and most > second else None
