"""What two spellings of the same thing have in common."""

from finscribe.folding import fold


def test_case_space_punctuation_and_unicode_variants_are_removed() -> None:
    assert fold("  ACME\tInc., Straße №5 ") == "acmeincstrasseno5"


def test_punctuation_alone_folds_to_nothing() -> None:
    assert fold("--- ...") == ""


def test_vowel_signs_stay_so_that_different_words_stay_different() -> None:
    assert fold("कि") != fold("का")
