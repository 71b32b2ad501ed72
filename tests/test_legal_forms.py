"""Which words behind a name are its legal form."""

import pytest

from finscribe.decoding.printed import Printed
from finscribe.folding import fold
from finscribe.legal_forms import form_behind, holds_form, is_form, may_end_form


def whole(name: str, text: str) -> str:
    """The name with the form that the text prints behind it."""
    printed = Printed(text)
    words = [word.text for word in printed.words]
    start = len(Printed(name).words)
    return printed.spelled(0, start + form_behind(name, words[start:]))


@pytest.mark.parametrize(
    ("name", "text", "form"),
    [
        ("Tea & Sons", "Tea & Sons, Inc.", ", Inc."),
        ("Tea & Sons", "Tea & Sons Inc, 1 High Street", " Inc"),
        ("Tea & Sons", "Tea & Sons, S. de R.L. de C.V.", ", S. de R.L. de C.V."),
        ("Tea (Pty", "Tea (Pty) Ltd", ") Ltd"),
        ("Tea", "Tea (Pty) Ltd", " (Pty) Ltd"),
        ("Coast Surveyors (Australia", "Coast Surveyors (Australia) Ltd ABN 12", ") Ltd"),
        ("Foo", "Foo Inc.: total", " Inc."),
        ("Foo", "Foo A/S, Aarhus", " A/S"),
        ("Foo", "Foo S.A.", " S.A."),
        ("Nord", "Nord GmbH (Hamburg)", " GmbH"),
        ("Nord", "Nord GmbH & Co. KG, Hamburg", " GmbH & Co. KG"),
        ("Nord GmbH", "Nord GmbH & Co. KG", " & Co. KG"),
        ("Nord", "Nord GmbH + Co KGaA", " GmbH + Co KGaA"),
        ("Nord", "Nord GmbH und Co. KG", " GmbH und Co. KG"),
        ("Nord", "Nord & Co. KG", " & Co. KG"),
        ("Nord", "Nord UG (haftungsbeschränkt) Leipzig", " UG (haftungsbeschränkt)"),
        ("Shenzhen Tea", "Shenzhen Tea Co., Ltd.", " Co., Ltd."),
        ("Shenzhen Tea Co.", "Shenzhen Tea Co., Ltd.", ", Ltd."),
        ("Foo", "Foo Company Limited", " Company Limited"),
        ("Cedar Orthopedics", "Cedar Orthopedics, PA", ", PA"),
        ("Sosna", "Sosna Sp. z o.o. Sp. k.", " Sp. z o.o. Sp. k."),
        ("Valle", "Valle, S. Coop.", ", S. Coop."),
        ("Moncayo", "Moncayo, S.A.U.", ", S.A.U."),
        ("Morvan", "Morvan SELARL", " SELARL"),
        ("Quayside", "Quayside DAC", " DAC"),
    ],
)
def test_a_form_is_found_as_it_is_printed(name: str, text: str, form: str) -> None:
    assert whole(name, text) == name + form
    assert holds_form(name + form)
    (*_, last) = filter(None, map(fold, form.split()))
    assert may_end_form(last)


@pytest.mark.parametrize(
    "name", ["Nord GmbH (Hamburg)", "Deutsche Bank AG Filiale Köln", "Tea Ltd", "TEA LIMITED"]
)
def test_a_name_holds_its_form_at_its_end_or_before_it(name: str) -> None:
    assert holds_form(name)


@pytest.mark.parametrize(
    "name", ["Nord", "GmbH", "Tea & Sons", "Everything for your garden", "Thank you!", ""]
)
def test_other_names_and_lines_hold_none(name: str) -> None:
    assert not holds_form(name)


@pytest.mark.parametrize(
    ("text", "alone"),
    [
        ("GmbH", True),
        ("GmbH & Co. KG", True),
        ("Sp. z o.o.", True),
        ("Nord GmbH", False),
        ("AG Consulting", False),
        ("", False),
    ],
)
def test_a_form_alone_is_told_from_a_name(text: str, alone: bool) -> None:
    assert is_form(text) is alone


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Tea & Sons", "Tea & Sons c/o Miller Ltd"),
        ("Tea & Sons", "Tea & Sons, c/o Miller"),
        ("Tea & Sons", "Tea & Sons (c/o Miller)"),
        ("Tea & Sons", "Tea & Sons c / o Miller"),
        ("Nord GmbH", "Nord GmbH, AG Hamburg HRB 12345"),
        ("Acme Ltd", "Acme Ltd, Company No. 1234"),
        ("Acme Ltd.", "Acme Ltd. Company registration no. 1234"),
        ("Hilton Denver", "Hilton Denver, CO 80202"),
        ("Ristorante Palermo", "Ristorante Palermo (PA) 90100"),
        ("Ristorante Palermo", "Ristorante Palermo (PA)"),
        ("Stadtwerke", "Stadtwerke ab 01.05.2024"),
        ("Acme", "Acme as agent"),
        ("Tomatoes 5", "Tomatoes 5 KG"),
        ("Foo", "Foo Hamburg GmbH"),
        ("Foo", "Foo"),
    ],
)
def test_what_is_none_is_not_taken_for_a_form(name: str, text: str) -> None:
    assert whole(name, text) == name
