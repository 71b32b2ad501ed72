from itertools import product

import pytest

from finscribe.synthesis.dice import Dice
from finscribe.synthesis.locales import LOCALES
from finscribe.synthesis.tax_ids import draw_valid
from finscribe.validation.identifiers import is_vat_id

BY_CODE = {locale.code: locale for locale in LOCALES}
PATTERNS = {
    (locale.code, pattern)
    for locale in LOCALES
    for pattern in locale.tax_ids
    if pattern[:2].isalpha() and "@" not in pattern
}


@pytest.mark.parametrize(("code", "pattern"), sorted(PATTERNS))
def test_an_id_that_names_its_country_has_valid_check_digits(code: str, pattern: str) -> None:
    for seed in range(40):
        number = draw_valid(Dice(seed), pattern, BY_CODE[code])
        assert is_vat_id(number), number
        assert all(mark in ("#", character) for mark, character in zip(pattern, number, strict=True))


def test_ids_differ_and_depend_on_the_seed_alone() -> None:
    drawn = [draw_valid(Dice(seed), "DE#########", BY_CODE["de-DE"]) for seed in (1, 1, 2)]
    assert drawn[0] == drawn[1] != drawn[2]


def test_other_ids_are_what_was_drawn() -> None:
    for seed, pattern in product(range(20), ("##-#######", "W##-####")):
        number = draw_valid(Dice(seed), pattern, BY_CODE["en-US"])
        assert len(number) == len(pattern)
