from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from finscribe.training.dataset.duplicates import KEYS, hash_text
from finscribe.training.dataset.ledger import BRIDGE, PARTS, Ledger, family_line, text_line
from finscribe.training.dataset.splitting import split

RATIOS = {1: 0.1}
NAMES = {0: "train", 1: "val", 2: "gate", BRIDGE: "bridge"}


def keys_of(records):
    keys = np.zeros(len(records), KEYS)
    for row, (text, family, *_) in enumerate(records):
        keys[row]["text"] = hash_text(text)
        keys[row]["family"], *_, keys[row]["alias"] = map(hash_text, 2 * family.split(" alias "))
    return keys


def place(records, ledger=None, ratios=None, seed=0):
    """The parts of records given as (text, family) or (text, family, cluster)."""
    return [NAMES[part] for part in both_places(records, ledger, ratios, seed)[0].tolist()]


def both_places(records, ledger=None, ratios=None, seed=0):
    """What `split` returns for such records."""
    clusters = [record[2] if len(record) > 2 else f"own {row}" for row, record in enumerate(records)]
    labels = np.unique(clusters, return_inverse=True)[1] if records else np.zeros(0, np.int64)
    return split(
        keys_of(records), labels, ledger or Ledger.read(Path("nowhere.split.jsonl")), ratios or RATIOS, seed
    )


def remember(path, records, parts):
    """The ledger after a first preparation."""
    pairs = zip(records, parts, strict=True)
    kept = [(record, PARTS.index(part)) for record, part in pairs if part != "bridge"]
    with path.open("a") as file:
        file.writelines(sorted({family_line(record[1], part) for record, part in kept}))
        file.writelines(text_line(hash_text(record[0]), part) for record, part in kept)
    return Ledger.read(path)


def many(count, families, start=0):
    return [(f"text {n}", f"family {n % families}") for n in range(start, start + count)]


def test_the_ratio_is_met_as_closely_as_families_allow():
    parts = Counter(place(many(1000, 200)))
    assert parts == {"train": 900, "val": 100}


def test_three_parts_get_their_shares():
    parts = Counter(place(many(1000, 200), ratios={1: 0.1, 2: 0.2}))
    assert parts == {"train": 700, "val": 100, "gate": 200}


def test_a_family_is_never_cut():
    records = many(500, 40)
    parts = place(records)
    assert len({(record[1], part) for record, part in zip(records, parts, strict=True)}) == 40


def test_two_names_of_a_family_are_never_parted():
    records = [
        (f"text {n}", (f"name {n % 40}", f"name {n % 40} alias tax {n % 40}", f"tax {n % 40}")[n // 40 % 3])
        for n in range(480)
    ]
    parts = place(records, ratios={1: 0.1, 2: 0.2})
    assert set(parts) == {"train", "val", "gate"}
    assert len({(record[1].split()[-1], part) for record, part in zip(records, parts, strict=True)}) == 40


@pytest.mark.parametrize("order", [(0, 1, 2), (1, 0, 2), (2, 1, 0)])
def test_a_name_of_two_parted_vendors_goes_where_a_record_of_it_alone_goes(tmp_path, order):
    ledger = remember(tmp_path / "l", [("a", "one"), ("b", "two")], ["train", "val"])
    records = [("a", "one alias 7"), ("b", "two alias 7"), ("c", "7")]
    parts, aliases = both_places([records[row] for row in order], ledger)
    assert set(aliases.tolist()) == {parts.tolist()[order.index(2)]}


def test_a_new_record_that_knows_both_names_follows_the_known_one(tmp_path):
    ledger = remember(tmp_path / "l", [("a", "one"), ("b", "two")], ["train", "val"])
    assert place([("c", "new alias two"), ("d", "one alias 7"), ("e", "7")], ledger) == [
        "val",
        "train",
        "train",
    ]


def test_a_new_record_whose_names_are_in_two_parts_is_set_aside(tmp_path):
    ledger = remember(tmp_path / "l", [("a", "one"), ("b", "two")], ["train", "val"])
    assert place([("a", "one alias two"), ("b", "two"), ("c", "one alias two")], ledger) == [
        "train",
        "val",
        "bridge",
    ]


def test_a_cluster_of_alike_texts_is_never_cut():
    records = [(f"text {n}", f"family {n}", f"cluster {n // 5}") for n in range(200)]
    parts = place(records)
    assert len({(record[2], part) for record, part in zip(records, parts, strict=True)}) == 40


def test_the_split_does_not_depend_on_the_order_of_the_records():
    records = many(300, 60)
    backwards = list(reversed(place(list(reversed(records)))))
    assert place(records) == backwards


def test_another_seed_makes_another_split():
    assert place(many(300, 60), seed=1) != place(many(300, 60), seed=2)


def test_added_data_moves_no_record(tmp_path):
    path = tmp_path / "a.split.jsonl"
    first = many(300, 60)
    parts = place(first)
    ledger = remember(path, first, parts)
    more = first + many(700, 333, start=300)
    again = place(more, ledger)
    assert again[:300] == parts
    assert Counter(again)["val"] == pytest.approx(100, abs=4)


def test_a_new_record_of_a_known_family_follows_it(tmp_path):
    ledger = remember(tmp_path / "l", [("a", "one"), ("b", "two")], ["train", "val"])
    assert place([("c", "two"), ("d", "one")], ledger) == ["val", "train"]


def test_a_new_record_of_a_new_family_follows_a_known_text_that_is_alike(tmp_path):
    ledger = remember(tmp_path / "l", [("a", "one"), ("b", "two")], ["train", "val"])
    assert place([("b", "two", "alike"), ("c", "new", "alike")], ledger) == ["val", "val"]


def test_a_record_that_would_bridge_two_parts_is_set_aside_and_the_others_stay(tmp_path):
    ledger = remember(tmp_path / "l", [("a", "one"), ("b", "two")], ["train", "val"])
    records = [("a", "one"), ("c", "one"), ("bridge", "one", "alike"), ("b", "two", "alike")]
    assert place(records, ledger) == ["train", "train", "bridge", "val"]


def test_a_record_alike_to_texts_of_two_parts_is_set_aside(tmp_path):
    ledger = remember(tmp_path / "l", [("a", "one"), ("b", "two")], ["train", "val"])
    records = [("a", "one", "alike"), ("bridge", "new", "alike"), ("b", "two", "alike")]
    assert place(records, ledger) == ["train", "bridge", "val"]


def test_a_known_record_whose_vendor_turns_out_to_be_of_another_part_is_set_aside(tmp_path):
    ledger = remember(tmp_path / "l", [("a", "one"), ("b", "two")], ["train", "val"])
    assert place([("a", "two"), ("b", "one")], ledger) == ["bridge", "bridge"]


def test_a_chain_of_new_records_between_two_parts_is_cut_once(tmp_path):
    ledger = remember(tmp_path / "l", [("a", "one"), ("b", "two")], ["train", "val"])
    chain = [("c", "one", "x"), ("d", "new", "x"), ("e", "new", "y"), ("f", "two", "y")]
    assert sorted(place(chain, ledger)) == ["bridge", "train", "val", "val"]


def test_one_single_group_goes_to_train():
    assert set(place(many(50, 1))) == {"train"}


def test_two_large_families_still_make_a_val():
    assert Counter(place([(f"t{n}", "a" if n < 60 else "b") for n in range(100)])) == {"train": 60, "val": 40}


def test_without_a_ratio_everything_is_train():
    assert set(place(many(50, 10), ratios={1: 0.0})) == {"train"}


def test_no_records_are_split_into_nothing():
    assert place([]) == []
