"""Further words for labels: of their own language, of one thing only, and printed by composed layouts alone."""

from __future__ import annotations

import pytest

from finscribe.synthesis import generate
from finscribe.synthesis.content.vocabulary import MORE, VOCABULARY
from finscribe.synthesis.layout.families import TRAINED

RIVALS = {
    "po": "refs order_no customer_no related delivery",
    "invoice_no": "refs order_no customer_no po related reg",
    "date": "due delivery",
    "due": "date delivery",
    "subtotal": "total gross_sum to_pay due_amount paid discount",
    "gross_subtotal": "total net_sum to_pay due_amount paid",
    "total": "subtotal net_sum line_sum to_pay due_amount paid cash change rounding",
    "tax_total": "subtotal total taxable rate_key",
}
"""What a word of each key must not be a word of as well."""


@pytest.mark.parametrize("language", sorted(VOCABULARY))
def test_further_words_are_not_the_usual_ones_again(language: str) -> None:
    assert set(MORE[language]) <= set(VOCABULARY[language])
    for key, words in MORE[language].items():
        assert not set(words) & set(VOCABULARY[language][key]), key
        assert len(set(words)) == len(words)


@pytest.mark.parametrize("language", sorted(VOCABULARY))
def test_further_words_are_of_one_thing_only(language: str) -> None:
    usual, more = VOCABULARY[language], MORE[language]
    for key, rivals in RIVALS.items():
        words = {word.casefold() for word in more[key]}
        for rival in rivals.split():
            assert not words & {word.casefold() for word in (*usual[rival], *more.get(rival, ()))}, rival


def documents_with(label: str, family: str) -> int:
    return sum(label in generate(seed, [family]).text.casefold() for seed in range(1500))


def test_composed_documents_print_them_and_listed_families_do_not() -> None:
    assert documents_with("steuerbetrag", "invoice-composed") > 1
    assert documents_with("tax amount", "receipt-composed") > 5
    assert not any(documents_with("steuerbetrag", family) for family in TRAINED[:4])
