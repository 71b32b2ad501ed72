import random
import sys

import numpy as np
import pytest

from finscribe.errors import MissingDependency
from finscribe.training.dataset.duplicates import (
    ALIKE_SKETCH,
    KEYS,
    NEAR_SKETCH,
    REASONS,
    find_clusters,
    find_duplicates,
    hash_text,
    words_of,
)

WORDS = (
    "steel bolts paper ink chairs lamps cable tape boxes glue coffee milk bread service hours travel".split()
)


def letter(seed, words=150):
    rng = random.Random(seed)
    return " ".join(f"{rng.choice(WORDS)}{rng.randint(0, 40)}" for _ in range(words))


@pytest.fixture
def compare(tmp_path):
    def duplicates_and_clusters(*records):
        """Of records as (text, facts): the reasons for dropping, and the clusters of the kept."""
        keys = np.zeros(len(records), KEYS)
        keys["time"] = -np.inf
        for row, (text, facts) in enumerate(records):
            keys[row]["text"] = hash_text(text)
            for name, value in facts.items():
                keys[row][name] = value if name in ("time", "values") else hash_text(value)
        texts = [text for text, _ in records]
        words = list(map(words_of, texts))
        NEAR_SKETCH.signatures(words).tofile(tmp_path / "near")
        ALIKE_SKETCH.signatures(words).tofile(tmp_path / "alike")
        reasons = find_duplicates(keys, tmp_path / "near")
        clusters = find_clusters(keys, tmp_path / "alike", np.flatnonzero(reasons == 0))
        return [REASONS[reason] for reason in reasons], clusters.tolist()

    return duplicates_and_clusters


def test_different_texts_are_neither_duplicates_nor_clusters(compare):
    reasons, clusters = compare(*((letter(seed), {}) for seed in range(30)))
    assert set(reasons) == {""}
    assert len(set(clusters)) == 30


def test_the_newest_of_the_same_text_is_kept(compare):
    text = letter(1)
    reasons, _ = compare((text, {"time": 3.0}), (text, {"time": 5.0}), (text, {"time": 4.0}))
    assert reasons == ["same-text", "", "same-text"]


def test_without_times_the_last_of_the_same_text_is_kept(compare):
    assert compare((letter(1), {}), (letter(1), {}))[0] == ["same-text", ""]


def test_a_newer_correction_supersedes_an_older_one_of_the_same_invoice(compare):
    older, newer = (letter(1), {"invoice": "a", "time": 1.0}), (letter(2), {"invoice": "a", "time": 2.0})
    assert compare(newer, older)[0] == ["", "superseded"]


def test_a_superseded_correction_unites_no_others(compare):
    records = (
        (letter(1), {"invoice": "a", "time": 1.0}),
        (letter(2), {"invoice": "a", "time": 2.0}),
        (letter(1), {"invoice": "b", "time": 1.5}),
    )
    assert compare(*records)[0] == ["superseded", "", ""]


def test_nearly_the_same_text_is_a_duplicate_where_the_truths_do_not_contradict(compare):
    text = letter(1)
    reasons, _ = compare((text, {"number": "7"}), (text.replace(text.split()[70], "blot", 1), {}))
    assert reasons == ["near-identical", ""]


@pytest.mark.parametrize("fact", ["number", "date", "total"])
def test_nearly_the_same_text_with_another_number_date_or_total_is_kept_but_in_one_cluster(compare, fact):
    text = letter(1)
    reasons, clusters = compare((text, {fact: "7"}), (text.replace(text.split()[70], "blot", 1), {fact: "8"}))
    assert reasons == ["", ""]
    assert clusters[0] == clusters[1]


def test_a_record_that_knows_nothing_does_not_unite_two_that_contradict(compare):
    text = letter(1)
    middle, other = (text.replace(text.split()[place], "blot", 1) for place in (40, 41))
    reasons = compare((text, {"number": "7"}), (middle, {}), (other, {"number": "8"}))[0]
    assert sorted(reasons) == ["", "", "near-identical"]


def test_monthly_invoices_differ_in_digits_alone_and_are_one_cluster(compare):
    months = [
        f"Invoice 20{month} of {month}.2024 for rent of the office in the third floor, total {month}00.00"
        for month in range(10, 22)
    ]
    reasons, clusters = compare(*((text, {"number": text}) for text in months))
    assert set(reasons) == {""}
    assert len(set(clusters)) == 1


def test_duplicates_do_not_depend_on_the_order_of_records_with_times(compare):
    texts = [letter(seed % 5) for seed in range(20)]
    records = [(text, {"time": float(place)}) for place, text in enumerate(texts)]
    kept = {place for place, reason in enumerate(compare(*records)[0]) if not reason}
    shuffled = random.Random(0).sample(range(20), 20)
    reasons = compare(*(records[place] for place in shuffled))[0]
    assert {shuffled[row] for row, reason in enumerate(reasons) if not reason} == kept == {15, 16, 17, 18, 19}


def test_no_records_have_no_duplicates(compare):
    assert compare() == ([], [])


def test_texts_without_words_are_compared_too(compare):
    assert compare(("…", {}), ("…", {}))[0] == ["same-text", ""]


def test_of_equally_old_ones_that_which_knows_most_is_kept(compare):
    text = letter(1)
    assert compare((text, {"values": 5}), (text, {"values": 3}))[0] == ["", "same-text"]
    assert compare((text, {"values": 5, "time": 1.0}), (text, {"values": 3, "time": 2.0}))[0][1] == ""


def test_the_same_text_with_truths_that_contradict_is_kept_as_often(compare):
    text = letter(1)
    totals = ("7", "8", "7", "8", "7")
    reasons = compare(*((text, {"total": total}) for total in totals))[0]
    assert sorted(reasons) == ["", "", "same-text", "same-text", "same-text"]
    assert {total for total, reason in zip(totals, reasons, strict=True) if not reason} == {"7", "8"}


def test_a_text_whose_invoice_is_not_named_gives_way_to_a_newer_correction_of_it(compare):
    text = letter(1)
    older = (text, {"exact": "x", "total": "7", "time": 1.0})
    newer = (text, {"exact": "x", "total": "8", "time": 2.0})
    assert compare(newer, older)[0] == ["", "corrected-again"]
    named = (text, {**newer[1], "invoice": "a"})
    assert compare(named, older, newer)[0] == ["same-text", "corrected-again", ""]


def test_named_invoices_of_one_text_with_truths_that_contradict_are_kept(compare):
    text = letter(1)
    named = [(text, {"exact": "x", "invoice": total, "total": total}) for total in ("7", "8")]
    assert compare(*named)[0] == ["", ""]


def test_without_rensa_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "rensa", None)
    with pytest.raises(MissingDependency, match="takes rensa") as caught:
        NEAR_SKETCH.signatures([["a", "b", "c"]])
    assert "finscribe[prepare]" in caught.value.hint
