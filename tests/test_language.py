"""The language of a text, as it is guessed."""

import pytest

from finscribe.documents import Document
from finscribe.language import guess_language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Invoice number 12\nDate 2024-01-02\nTotal due 12.00\nThank you", "en"),
        ("Rechnung Nr. 12 vom 1.2.2024\nSumme netto 12,00\nzzgl. MwSt", "de"),
        ("Facture du 12/01/2024\nMontant TVA\nTotal TTC 12,00", "fr"),
        ("発行日 請求書 こちらは", "ja"),
        ("发票号码 开票日期 价税合计", "zh"),
        ("فاتورة ضريبية رقم", "ar"),
        ("Счёт на оплату", "ru"),
        ("12.00 34.00", None),
        ("xyzzy", None),
    ],
)
def test_the_language_is_guessed_from_scripts_and_common_words(text: str, language: str | None) -> None:
    assert guess_language(text) == language


def test_a_document_knows_its_language() -> None:
    assert Document.from_text("Rechnung Nr. 12\nSumme netto 12,00 zzgl. MwSt").language == "de"
