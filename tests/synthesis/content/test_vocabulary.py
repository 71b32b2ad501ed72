"""Further words for labels: none of those that would be mistaken for it, printed by composed layouts alone."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pytest

from finscribe.synthesis import generate
from finscribe.synthesis.content.vocabulary import MORE, VOCABULARY
from finscribe.synthesis.layout.families import TRAINED

RIVALS = {
    "po": "refs order_no customer_no related delivery",
    "invoice_no": "refs order_no customer_no po related reg",
    "date": "due delivery",
    "due": "date delivery terms",
    "subtotal": "total net_sum gross_sum to_pay due_amount paid discount taxable count",
    "gross_subtotal": "total net_sum to_pay due_amount paid count",
    "total": "subtotal net_sum line_sum to_pay due_amount paid cash change rounding count",
    "tax_total": "subtotal total taxable rate_key included",
    "qty": "amount price desc pos",
    "desc": "pos qty",
    "price": "list_price amount",
    "discount": "saved",
}
"""What a word of each key must not be a word of as well."""


@pytest.mark.parametrize("language", sorted(VOCABULARY))
def test_further_words_are_not_the_usual_ones_again(language: str) -> None:
    assert set(MORE[language]) <= set(VOCABULARY[language])
    for key, words in MORE[language].items():
        assert not set(words) & set(VOCABULARY[language][key]), key
        assert len(set(words)) == len(words)


@pytest.mark.parametrize("language", sorted(VOCABULARY))
def test_further_words_of_a_field_are_not_those_of_its_rivals(language: str) -> None:
    usual, more = VOCABULARY[language], MORE[language]
    for key, rivals in RIVALS.items():
        words = letters(more[key])
        for rival in rivals.split():
            assert not words & letters((*usual[rival], *more.get(rival, ()))), rival


PARTIES = {"to": "holder ship_to contact from name_key", "from": "to ship_to contact name_key"}
"""What a further word for a party must not be a word of as well."""


@pytest.mark.parametrize("language", sorted(VOCABULARY))
def test_further_words_for_a_party_are_not_those_of_another(language: str) -> None:
    for key, rivals in PARTIES.items():
        words = letters(MORE[language][key])
        for rival in rivals.split():
            both = words & letters((*VOCABULARY[language][rival], *MORE[language].get(rival, ())))
            assert not both, rival


def letters(words: Iterable[str]) -> set[str]:
    """The words as they differ for a reader: without case, spaces and dots."""
    return {re.sub(r"\W", "", word.casefold()) for word in words}


def with_label(label: str, family: str) -> int:
    return sum(label in generate(seed, [family]).text.casefold() for seed in range(600))


def test_composed_documents_print_them_and_listed_families_do_not() -> None:
    assert with_label("order subtotal", "receipt-composed")
    assert with_label("unit net", "invoice-composed")
    assert not any(with_label("unit net", family) for family in TRAINED[:2])
