"""The truth of a synthetic document is exactly what it prints."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import cache
from hashlib import sha256
from itertools import product
from typing import Any

import pytest

from finscribe.synthesis import FAMILIES, HELD_OUT_FAMILIES, Sample, generate
from finscribe.synthesis.content.locales import DRAW, DRAW_FURTHER, LOCALES
from finscribe.synthesis.content.vocabulary import VOCABULARY
from finscribe.synthesis.layout.composed import COMPOSED
from finscribe.synthesis.layout.families import TRAINED

SEEDS = 2500
HELD_OUT_DOCUMENTS = "5c3256c58389fd2c1af904e416b21532b1a3a89d59d532cdf1fa07c1f68858e5"
_BY_CODE = {locale.code: locale for locale in LOCALES}


@cache
def samples(size: float = 1.0) -> tuple[Sample, ...]:
    return tuple(generate(seed, FAMILIES, size) for seed in range(SEEDS))


def leaves(node: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(node, dict):
        for key, value in node.items():
            yield from leaves(value, f"{path}.{key}" if path else key)
    elif isinstance(node, list):
        for value in node:
            yield from leaves(value, path)
    elif node is not None:
        yield path, node


def printed_at_word_bounds(span: str, text: str) -> bool:
    before = r"(?<!\w)" if span[0].isalnum() else ""
    after = r"(?!\w)" if span[-1].isalnum() else ""
    return re.search(before + re.escape(span) + after, text) is not None


def reachable(value: str, text: str) -> bool:
    if printed_at_word_bounds(value, text):
        return True
    cuts = [(match.start(), match.end()) for match in re.finditer(r", | ", value)]
    return any(
        printed_at_word_bounds(value[:a], text) and reachable(value[b:], text) for a, b in reversed(cuts) if a
    )


def readings(text: str) -> set[tuple[Decimal, int]]:
    """The size and the decimals of every number that the text prints, read with either separator."""
    found: set[tuple[Decimal, int]] = set()
    for digits in re.findall(r"\d+(?:[.,']\d+)*(?: \d{3}(?!\d)(?:[.,']\d+)*)*", text):
        digits = digits.rstrip(".,'")
        for point in (".", ",", "#"):
            plain = re.sub(rf"[^\d{re.escape(point)}]", "", digits).replace(point, ".")
            if plain.count(".") < 2:
                found.add((Decimal(plain), len(plain.partition(".")[2])))
    return found


def day_is_printed(value: str, sample: Sample) -> bool:
    day = date.fromisoformat(value)
    words = VOCABULARY[_BY_CODE[sample.locale].language]
    months = [words[key][day.month - 1] for key in ("months", "months_short")]
    names = [*map(re.escape, months), f"0?{day.month}"]
    month_pattern, year = "(?:" + "|".join(names) + ")", f"(?:{day.year}|{day.year % 100:02d})"
    gap, d = r"(?:[ ./,'-]{1,2}|(?<=[^\W\d])(?=\d)|(?<=\d)(?=[^\W\d]))", f"0?{day.day}"
    orders = [(d, month_pattern, year), (month_pattern, d, year), (year, month_pattern, d)]
    return any(re.search(r"(?<!\d)" + gap.join(order), sample.text, re.IGNORECASE) for order in orders)


@pytest.mark.parametrize("size", [1.0, 0.02])
def test_every_text_value_is_printed_word_for_word(size: float) -> None:
    for sample in samples(size):
        text = " ".join(sample.text.split())
        for path, value in leaves(sample.truth):
            if isinstance(value, str) and path not in ("document_type", "currency") and "date" not in path:
                assert value == " ".join(value.split())
                assert reachable(value, text), (path, value, sample.text)


def test_every_number_is_printed_with_its_digits() -> None:
    for sample in samples():
        found = readings(sample.text)
        percents = {value / 100 for value, _ in found}
        for path, value in leaves(sample.truth):
            if path.endswith("tax_rate"):
                assert value in percents, (path, value, sample.text)
            elif isinstance(value, Decimal):
                assert (abs(value), -int(value.as_tuple().exponent)) in found, (path, value, sample.text)


def test_every_date_is_printed() -> None:
    for sample in samples():
        for path, value in leaves(sample.truth):
            if path.endswith("_date"):
                assert day_is_printed(value, sample), (path, value, sample.text)


def test_every_document_has_a_type_and_every_key() -> None:
    keys = list(samples()[0].truth)
    for sample in samples():
        assert list(sample.truth) == keys
        assert sample.truth["document_type"] in ("invoice", "receipt", "credit_note", "proforma")
        for item in sample.truth["line_items"]:
            assert list(item) == ["desc", "qty", "unit_price", "line_total"]
            assert any(value is not None for value in item.values())


def test_a_currency_is_known_only_where_it_is_printed() -> None:
    for sample in samples():
        signs = {sign.lower() for sign in _BY_CODE[sample.locale].signs} | {
            _BY_CODE[sample.locale].currency.lower()
        }
        if sample.truth["currency"]:
            assert any(sign in sample.text.lower() for sign in signs), sample.text


def test_a_currency_that_only_a_label_prints_is_known() -> None:
    by_its_code = [
        sample for sample in samples() if re.search(rf"\b{_BY_CODE[sample.locale].currency}\b", sample.text)
    ]
    assert len(by_its_code) > SEEDS / 20
    assert all(sample.truth["currency"] == _BY_CODE[sample.locale].currency for sample in by_its_code)
    assert any(
        re.search(rf"(?i:total) {_BY_CODE[sample.locale].currency}\b", sample.text) for sample in by_its_code
    )


def test_credit_notes_with_negative_amounts_mostly_have_negative_quantities_that_agree_with_them() -> None:
    lines = [
        item
        for sample in samples()
        for item in sample.truth["line_items"]
        if sample.truth["document_type"] == "credit_note" and None not in (item["qty"], item["line_total"])
    ]
    negative = [item for item in lines if item["line_total"] < 0]
    assert len(negative) / 2 < sum(item["qty"] < 0 for item in negative) < len(negative)
    assert all(item["qty"] > 0 for item in lines if item["line_total"] > 0)


def test_a_tax_of_zero_may_have_a_rate_of_zero() -> None:
    rates = [sample.truth["financial_summary"]["tax_rate"] for sample in samples()]
    assert rates.count(0) > SEEDS / 500


def test_a_seed_gives_the_same_document_every_time() -> None:
    assert all(generate(seed) == generate(seed) for seed in range(50))


def test_documents_that_figures_are_published_of_stay_the_same() -> None:
    found = sha256()
    for seed, size in product(range(200), (0.3, 1.0, 8.0)):
        found.update(repr(generate(seed, HELD_OUT_FAMILIES, size)).encode())
    assert found.hexdigest() == HELD_OUT_DOCUMENTS, "where they have to change, figures are to be taken again"


def test_held_out_families_are_never_drawn_for_training() -> None:
    drawn = Counter(generate(seed, size=0.3).family for seed in range(3000))
    assert not set(drawn) & set(HELD_OUT_FAMILIES)
    assert set(drawn) == set(FAMILIES) - set(HELD_OUT_FAMILIES)
    assert len(FAMILIES) >= 25
    assert {name.partition("-")[0] for name in HELD_OUT_FAMILIES} == {"receipt", "invoice"}


def test_small_sizes_make_small_documents() -> None:
    mean = {size: sum(len(s.text) for s in samples(size)) / SEEDS for size in (0.02, 1.0)}
    assert mean[0.02] < 260
    assert 400 < mean[1.0] < 700
    assert max(len(sample.text) for sample in samples()) <= 6000
    assert all(len(sample.truth["line_items"]) <= 3 for sample in samples(0.02))


def test_all_locales_and_fields_occur() -> None:
    drawn = {sample.locale for sample in samples()}
    assert {locale.code for locale in DRAW} <= drawn <= set(_BY_CODE)
    seen = {path for sample in samples() for path, _ in leaves(sample.truth)}
    assert len(seen) == 26, seen


def test_further_countries_are_shown_by_composed_layouts_alone() -> None:
    further = {locale.code for locale in DRAW_FURTHER}
    composed = {generate(seed, COMPOSED).locale for seed in range(700)}
    assert further <= composed
    listed = {generate(seed, TRAINED).locale for seed in range(700)}
    assert not further & listed


def test_the_amounts_add_up_in_nearly_all_documents() -> None:
    checked = wrong = 0
    for sample in samples():
        summary = sample.truth["financial_summary"]
        if summary["subtotal"] is None or summary["tax_amount"] is None:
            continue
        parts = {key: summary[key] or Decimal(0) for key in summary}
        net = (
            parts["subtotal"]
            - parts["discount"]
            + parts["shipping"]
            + parts["other_charges"]
            + parts["rounding"]
        )
        checked += 1
        wrong += parts["grand_total"] not in (net, net + parts["tax_amount"])
    assert checked > 500
    assert wrong < checked * 0.03


def test_quantity_times_price_is_the_line_total_in_nearly_all_lines() -> None:
    lines = [item for sample in samples() for item in sample.truth["line_items"] if None not in item.values()]
    wrong = [
        item
        for item in lines
        if abs(item["qty"] * item["unit_price"] - abs(item["line_total"])) > Decimal("0.51")
    ]
    assert len(lines) > 1000
    assert len(wrong) < len(lines) * 0.06
