"""What two spellings of the same thing have in common."""

import pytest

from finscribe.folding import document_key, fold


def test_case_space_punctuation_and_unicode_variants_are_removed() -> None:
    assert fold("  ACME\tInc., Straße №5 ") == "acmeincstrasseno5"


def test_punctuation_alone_folds_to_nothing() -> None:
    assert fold("--- ...") == ""


def test_vowel_signs_stay_so_that_different_words_stay_different() -> None:
    assert fold("कि") != fold("का")


@pytest.mark.parametrize("text", ["Total  5,00 €", "TOTAL 5,00€", "total\n５,00\t€ "])
def test_documents_that_differ_in_space_case_and_unicode_variants_have_one_key(text: str) -> None:
    assert document_key(text) == "total5,00€"


@pytest.mark.parametrize(
    ("one", "other"), [("1/12/2024", "11/2/2024"), ("$5", "€5"), ("5.00", "500"), ("กิ", "กา"), ("-5", "5")]
)
def test_documents_that_say_different_things_have_different_keys(one: str, other: str) -> None:
    assert document_key(one) != document_key(other)
