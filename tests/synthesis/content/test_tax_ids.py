import re
from itertools import product

import pytest
from stdnum.fr.siren import to_tva

from finscribe.synthesis.content.locales import LOCALES
from finscribe.synthesis.content.names import fill
from finscribe.synthesis.content.tax_ids import draw_valid
from finscribe.synthesis.dice import Dice
from finscribe.validation.identifiers import is_vat_id

BY_CODE = {locale.code: locale for locale in LOCALES}
PATTERNS = {
    (locale.code, pattern)
    for locale in LOCALES
    for pattern in locale.tax_ids
    if pattern[:2].isalpha() and "@" not in pattern
}
MONACO = ("fr-FR", "FR##000######")


@pytest.mark.parametrize(("code", "pattern"), [*sorted(PATTERNS), MONACO])
def test_an_id_that_names_its_country_has_valid_check_digits(code: str, pattern: str) -> None:
    for seed in range(40):
        number = draw_valid(Dice(seed), pattern, BY_CODE[code])
        assert is_vat_id(number), number
        assert all(mark in ("#", character) for mark, character in zip(pattern, number, strict=True))


@pytest.mark.parametrize(("code", "pattern"), [*sorted(PATTERNS), MONACO])
def test_the_last_two_digits_are_the_drawn_ones_or_the_next_valid_ones(code: str, pattern: str) -> None:
    at, compared = pattern.rindex("##"), 0
    for seed in range(12):
        number, drawn = (draw(Dice(seed), pattern, BY_CODE[code]) for draw in (draw_valid, fill))
        if number[at - 3 : at] == drawn[at - 3 : at]:  # else drawn again: nobody is given one of these digits
            last = int(drawn[at : at + 2])
            while not is_valid_with_its_key(f"{number[:at]}{last:02d}{drawn[at + 2 :]}"):
                last = (last + 1) % 100
            assert number[at : at + 2] == f"{last:02d}"
            compared += 1
    assert compared > 8


def is_valid_with_its_key(number: str) -> bool:
    """Whether the id is valid; of a French one with the key that the other digits ask for."""
    if number.startswith("FR"):
        number = f"FR{to_tva(re.sub('[^0-9]', '', number)[2:])}"
    return is_vat_id(number)


def test_irish_ids_end_with_the_letter_that_checks_them() -> None:
    for seed in range(40):
        number = draw_valid(Dice(seed), "IE#######@", BY_CODE["en-IE"])
        assert is_vat_id(number), number


def test_ids_differ_and_depend_on_the_seed_alone() -> None:
    drawn = [draw_valid(Dice(seed), "DE#########", BY_CODE["de-DE"]) for seed in (1, 1, 2)]
    assert drawn[0] == drawn[1] != drawn[2]


def test_other_ids_are_what_was_drawn() -> None:
    for seed, pattern in product(range(20), ("##-#######", "W##-####")):
        number = draw_valid(Dice(seed), pattern, BY_CODE["en-US"])
        assert len(number) == len(pattern)
