import errno
import gzip
import json
import os
import signal
from datetime import date
from pathlib import Path

import pytest

from finscribe.decoding.align import align
from finscribe.decoding.printed import Printed
from finscribe.errors import FinScribeError, LedgerError, OutputError, SettingsError, WorkerLost
from finscribe.invoice import Truth
from finscribe.training.dataset.ledger import only_one
from finscribe.training.dataset.options import PrepareOptions
from finscribe.training.dataset.outputs import Outputs
from finscribe.training.dataset.prepare import prepare
from finscribe.training.dataset.shelf import Shelf
from finscribe.training.dataset.staging import Staging
from finscribe.training.queue.record import make_correction
from tests.training.invoices import invoice, line, read, write

VENDORS = [
    f"Vendor {name}" for name in ("Ash Birch Cedar Dogwood Elm Fir Gum Hazel Ivy Juniper Kauri Larch".split())
]


@pytest.fixture
def run(tmp_path):
    def prepare_records(records, **options):
        source = write(tmp_path / "source.jsonl", records)
        folder = tmp_path / "out"
        outputs = {"output": folder / "train.jsonl", "val_output": folder / "val.jsonl"}
        return prepare(PrepareOptions(**{"inputs": (source,), "split": True, **outputs, **options}))

    return prepare_records


def months(count=5):
    return [line(vendor, f"{vendor[7:10]}-{month}") for vendor in VENDORS for month in range(count)]


def test_every_record_ends_in_exactly_one_place(run):
    broken = [{"input": "OCR_TEXT:\nx", "output": "{"}, {"nothing": 1}]
    made = run([*months(), *months(2), *broken], gate_output=None, val_ratio=0.2)
    counts = dict(made.counts)
    assert counts.pop("input") == sum(counts.values()) == 12 * 7 + 2
    assert counts == {"train": 50, "val": 10, "duplicate": 24, "rejected": 2}
    assert len(read(made.files["train"])) == 50
    assert len(read(made.files["val"])) == 10
    assert len(read(made.files["rejects"])) == 2


def test_no_vendor_is_in_two_parts(run, tmp_path):
    made = run(months(), gate_output=tmp_path / "out" / "gate.jsonl", val_ratio=0.2, gate_ratio=0.2)
    families = [{row["family"] for row in read(made.files[part])} for part in ("train", "val", "gate")]
    assert sum(map(len, families)) == len(set.union(*families)) == len(VENDORS)
    assert all(families)


def test_what_knows_a_vendor_by_its_tax_id_alone_follows_what_knows_its_name(run, tmp_path):
    records = [with_tax_id(each, named=number % 2 == 0) for number, each in enumerate(months())]
    gate = tmp_path / "out" / "gate.jsonl"
    made = run(records, gate_output=gate, val_ratio=0.2, gate_ratio=0.2)
    kept = [tax_ids(made.files[part]) for part in ("train", "val", "gate")]
    assert sum(map(len, kept)) == len(set.union(*kept)) == len(VENDORS)
    again = run([with_tax_id(each, named=False) for each in months(7)], gate_output=gate)
    assert [tax_ids(again.files[part]) for part in ("train", "val", "gate")] == kept


def with_tax_id(record, *, named):
    truth = json.loads(record["output"])
    vendor = truth["vendor"]["name"]
    truth["vendor"] = {"tax_id": f"DE{130_000_000 + VENDORS.index(vendor)}"} | (
        {"name": vendor} if named else {}
    )
    text = record["input"].replace("Invoice", f"{truth['vendor']['tax_id']}\nInvoice")
    return {"input": text, "output": json.dumps(truth)}


def tax_ids(path):
    return {json.loads(row["output"])["vendor"]["tax_id"] for row in read(path)}


def test_a_reject_says_where_it_stood_and_why_and_what_it_was(run):
    made = run([line("Vendor Ash", 1), {"input": "OCR_TEXT:\nx", "output": "{"}])
    (reject,) = read(made.files["rejects"])
    assert reject["file"].endswith("source.jsonl")
    assert (reject["line"], reject["reason"]) == (2, "not-json")
    assert "OCR_TEXT" in reject["original"]
    assert reject["message"]


def test_a_training_target_is_what_its_page_prints_in_its_spelling(run):
    text, truth = invoice("Vendor Ash", 7)
    truth["vendor"]["name"] = "VENDOR ASH"
    truth["purchase_order"] = "PO-NOT-THERE"
    made = run([{"input": text, "output": json.dumps(truth)}])
    assert made.card["normalised"] == {"spelled as printed": 1}
    (row,) = read(made.files["train"])
    assert row["input"] == "OCR_TEXT:\n" + text
    target = json.loads(row["output"])
    assert target["vendor"]["name"] == "Vendor Ash"
    assert "purchase_order" not in target
    assert made.card["fields"]["purchase_order"]["not_learnable"] == 1
    known = Truth.read(row["output"])
    assert align(known, Printed(text)).truth.to_json() == row["output"]


def test_val_keeps_the_truth_as_it_is_known(run):
    records = []
    for vendor in VENDORS:
        text, truth = invoice(vendor, 1)
        records.append({"input": text, "output": {**truth, "purchase_order": "PO-NOT-THERE"}})
    made = run(records, val_ratio=0.2)
    assert all("PO-NOT-THERE" in row["output"] for row in read(made.files["val"]))
    assert not any("PO-NOT-THERE" in row["output"] for row in read(made.files["train"]))


def test_partial_truth_stays_partial_and_known_nulls_stay_null(run):
    text, _ = invoice("Vendor Ash", 7)
    made = run([{"input": text, "output": {"invoice_number": "7", "due_date": None}}])
    (row,) = read(made.files["train"])
    assert json.loads(row["output"]) == {"invoice_number": "7", "due_date": None}


def test_a_record_of_which_nothing_is_printed_is_rejected(run):
    made = run([{"input": "Hello there", "output": {"invoice_number": "12345", "due_date": None}}])
    assert made.card["rejects"] == {"nothing-learnable": 1}


def test_the_newest_correction_of_an_invoice_is_kept(run):
    old = line("Vendor Ash", 1, "20.00", invoice_id="a", timestamp="2024-05-01T10:00:00Z")
    new = line("Vendor Ash", 1, "21.00", invoice_id="a", timestamp="2024-05-02T10:00:00Z")
    made = run([new, old])
    (row,) = read(made.files["train"])
    assert '"grand_total":21' in row["output"]
    assert made.card["duplicates"] == {"superseded": 1}


def test_invoices_of_other_names_are_kept_though_their_texts_are_nearly_the_same(run):
    terms = " ".join(f"word{number}" for number in range(260))
    records = [
        make_correction(
            f"TechCorp\nHosting {quantity} 5.00\n{terms}",
            {"vendor": "TechCorp", "items": [{"desc": "Hosting", "qty": quantity}]},
            f"inv-{quantity}",
            confirmed=["vendor", "line_items"],
        ).to_line()
        for quantity in (7, 8, 9)
    ]
    made = run(map(json.loads, records), split=False)
    assert made.counts["train"] == 3
    assert made.counts["duplicate"] == 0


def test_an_example_taken_back_is_not_trained_on(run):
    example = line("Vendor Ash", 1, id="abc", timestamp="2024-05-01T10:00:00Z")
    made = run(
        [
            example,
            line("Vendor Birch", 1, timestamp="2024-05-01T10:00:00Z"),
            {"tombstone": "abc", "timestamp": "2024-05-02T10:00:00Z"},
        ]
    )
    assert made.counts["train"] == 1
    assert set(made.card["rejects"]) == {"retracted"}
    assert made.counts["input"] == 3


def test_the_same_inputs_make_the_same_dataset(run, tmp_path):
    first = run(months(), output=tmp_path / "a" / "t.jsonl", val_output=tmp_path / "a" / "v.jsonl")
    second = run(months(), output=tmp_path / "b" / "t.jsonl", val_output=tmp_path / "b" / "v.jsonl")
    assert first.card["version"] == second.card["version"]


def test_added_data_moves_no_record_between_the_parts(run):
    first = run(months(2), val_ratio=0.2)
    before = {row["id"] for row in read(first.files["val"])}
    more = months(2) + [line(f"Vendor New{n}x", n) for n in range(40)]
    again = run(more, val_ratio=0.2)
    after = {row["id"] for row in read(again.files["val"])}
    assert before < after
    assert not before & {row["id"] for row in read(again.files["train"])}


def test_a_val_record_stays_val_when_no_val_is_asked_for_any_more(run):
    first = run(months(), val_ratio=0.2)
    again = run(months(), val_ratio=0.0)
    assert read(again.files["val"]) == read(first.files["val"])


def test_a_gate_record_never_enters_train_when_the_gate_is_forgotten(run, tmp_path):
    gate = tmp_path / "out" / "gate.jsonl"
    kept = {row["id"] for row in read(run(months(), gate_output=gate, gate_ratio=0.2).files["gate"])}
    again = run(months())
    assert again.card["rejects"] == {"kept-for-gate": len(kept)}
    assert not kept & {row["id"] for row in read(again.files["train"])}
    assert {row["id"] for row in read(gate)} == kept


def test_a_file_whose_name_is_no_unicode_is_read_and_named(run, tmp_path):
    source = write(tmp_path / os.fsdecode(b"a\xff.jsonl"), [line("Vendor Ash", 1), {"nothing": 1}])
    made = run([], inputs=(source,))
    (reject,) = read(made.files["rejects"])
    assert reject["file"].endswith("a\udcff.jsonl")
    assert made.counts["train"] == 1


def test_without_split_everything_is_for_training_and_no_ledger_is_kept(run):
    made = run(months(), split=False)
    assert made.counts["train"] == 60
    assert "val" not in made.files
    assert not made.files["train"].with_name("train.split.jsonl").exists()


def test_without_a_ratio_there_is_no_val_file(run):
    made = run(months(), val_ratio=0.0)
    assert made.counts["val"] == 0
    assert "val" not in made.files


def test_one_single_group_goes_to_train_and_the_card_says_so(run):
    made = run([line("Vendor Ash", number) for number in range(9)])
    assert (made.counts["train"], made.counts["val"]) == (9, 0)
    assert "no val could be made" in made.card["notes"][0]


def test_a_val_without_records_any_more_is_gone_and_the_card_says_why(run):
    first = run(months(), val_ratio=0.2)
    again = run(read(first.files["train"]))
    assert "val" not in again.files
    assert not first.files["val"].exists()
    (note,) = again.card["notes"]
    assert note == (
        "no val could be made: the ledger knows all vendor families, none of them for val; new ones will go there"
    )


def test_strict_rejects_what_is_only_warned_about_otherwise(run):
    text, truth = invoice("Vendor Ash", 1)
    records = [{"input": text.replace("Thank you", "FÃ¼r"), "output": truth}]
    assert run(records).card["warnings"]["counts"] == {"wrong-encoding": 1}
    assert run(records, strict=True).card["rejects"] == {"wrong-encoding": 1}


def test_records_without_anything_to_learn_from_still_make_files(run):
    made = run([{"nothing": 1}])
    assert made.counts == {"input": 1, "train": 0, "val": 0, "duplicate": 0, "rejected": 1}
    assert made.files["train"].read_text() == ""
    assert "no record" in made.card["notes"][0]


@pytest.mark.parametrize("ratio", [1, 1.5, -0.1, float("nan"), float("inf")])
def test_a_ratio_that_is_no_share_is_an_error(run, ratio):
    with pytest.raises(SettingsError, match="val_ratio"):
        run(months(1), val_ratio=ratio)


def test_ratios_that_leave_nothing_to_train_on_are_an_error(run, tmp_path):
    with pytest.raises(SettingsError, match="leave nothing"):
        run(months(1), val_ratio=0.5, gate_ratio=0.5, gate_output=tmp_path / "gate.jsonl")


def test_a_gate_without_a_split_is_refused(run, tmp_path):
    with pytest.raises(SettingsError, match="the records are not split") as caught:
        run(months(1), gate_output=tmp_path / "gate.jsonl", split=False)
    assert "--split" in caught.value.hint


def test_two_outputs_of_one_name_are_an_error(run, tmp_path):
    with pytest.raises(SettingsError, match="same file"):
        run(months(1), output=tmp_path / "a.jsonl", val_output=tmp_path / "b" / ".." / "a.jsonl")


@pytest.mark.parametrize("name", ["train.jsonl", "val.jsonl", "train.rejects.jsonl", "train.split.jsonl"])
def test_an_input_that_is_also_an_output_is_an_error(run, tmp_path, name):
    (tmp_path / "out").mkdir()
    source = write(tmp_path / "out" / name, months(1))
    with pytest.raises(SettingsError, match="an input and an output"):
        run([], inputs=(source,))
    assert len(read(tmp_path / "out" / name)) == 12


@pytest.mark.parametrize(
    ("where", "what", "fitting"),
    [(Shelf, "add", 2), (Outputs, "write", 20), (Outputs, "reject", 0), (Staging, "seal", 0)],
)
def test_a_full_disk_leaves_the_old_files_whole(run, monkeypatch, tmp_path, where, what, fitting):
    made = run(months())
    before = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir() if path.is_file()}
    count, put = iter(range(10_000)), getattr(where, what)

    def fill_up(*args):
        if next(count) >= fitting:
            raise OSError(errno.ENOSPC, "No space left on device")
        put(*args)

    monkeypatch.setattr(where, what, fill_up)
    monkeypatch.setattr("finscribe.training.dataset.prepare._CHUNK", 8)
    with pytest.raises(OutputError, match="no room") as caught:
        run([*months(), line("Vendor New", 1), {"nothing": 1}], workers=1)
    assert caught.value.hint
    after = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    assert after == before
    assert made.files["train"].exists()


def test_bad_records_of_every_kind_are_rejected_by_their_reasons_and_the_counts_add_up(run, tmp_path):
    good = json.dumps(line("Vendor Ash", 1)).encode()
    bad = {
        "encoding": b'{"input": "M\xfcller"}',
        "too-large": b'{"input": "' + b"x" * 50_000_000 + b'"}',
        "too-deep": b'{"input": ' + b"[" * 200_000,
        "duplicate-key": b'{"input": "a", "input": "b", "output": {}}',
        "not-a-number": b'{"input": "5", "output": {"total": NaN}}',
        "not-json": b'{"input": "5", ',
        "bad-invoice": b'{"input": "5", "output": {"total": "five"}}',
    }
    source = tmp_path / "bad.jsonl"
    source.write_bytes(b"\n".join([good, *bad.values()]))
    packed = gzip.compress(b"".join(good + b" " * n + b"\n" for n in range(500)))
    (tmp_path / "cut.jsonl.gz").write_bytes(packed[: len(packed) // 2])
    made = run([], inputs=(str(source), str(tmp_path / "cut.jsonl.gz")))
    assert made.card["rejects"] == {**dict.fromkeys(bad, 1), "truncated": 1}
    counts = dict(made.counts)
    assert counts.pop("input") == sum(counts.values()) > 100


def be_killed(chunk, rules):
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_process_that_the_system_ends_leaves_the_old_output_whole(run, tmp_path, monkeypatch):
    run(months())
    before = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    monkeypatch.setattr("finscribe.training.dataset.prepare._CHUNK", 4)
    monkeypatch.setattr("finscribe.training.dataset.prepare.study", be_killed)
    with pytest.raises(WorkerLost):
        run([*months(), line("Vendor New", 1)], workers=2)
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()} == before


def test_a_folder_that_cannot_be_written_is_an_error_with_a_hint(run, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="cannot be written") as caught:
        run(months(1), output=tmp_path / "file" / "train.jsonl")
    assert caught.value.hint


@pytest.mark.parametrize("taken", ["train.jsonl", "val.jsonl", "train.rejects.jsonl", "dataset.html"])
def test_a_folder_in_the_place_of_a_file_is_found_before_anything_is_written(run, tmp_path, taken):
    (tmp_path / "out" / taken).mkdir(parents=True)
    with pytest.raises(SettingsError, match="is a folder"):
        run(months(1))
    assert [path.name for path in (tmp_path / "out").iterdir()] == [taken]


def test_the_current_folder_as_an_output_is_an_error(run):
    with pytest.raises(SettingsError, match=r"\. is a folder"):
        run(months(1), output=Path("."))


def test_an_output_may_not_take_the_name_of_the_card(run, tmp_path):
    with pytest.raises(SettingsError, match="same file"):
        run(months(1), val_output=tmp_path / "out" / "dataset.json")


def test_invoices_that_differ_in_a_sign_or_a_stroke_alone_are_both_kept(run):
    def record(day, money):
        text = f"Vendor Ash\nSubscription\nDate {day}\nTotal {money}"
        return {"input": text, "output": {"vendor": {"name": "Vendor Ash"}, "currency": None}}

    assert run([record("1/12/2024", "$5"), record("11/2/2024", "$5")], split=False).counts["train"] == 2


def test_one_hostile_record_stops_no_preparation(run):
    row = f"line_items[{'9' * 5000}].qty"
    said = {"ocr_text": "x 1", "extracted_data": {"line_items": [{"qty": 1}]}, "reviewed": True}
    made = run([{**said, "correction": {row: 1}}, line("Vendor Ash", 1)])
    assert made.card["rejects"] == {"bad-record": 1}
    assert made.counts["train"] == 1


def test_a_second_preparation_at_once_says_so_and_changes_nothing(run, tmp_path):
    run(months(1))
    before = (tmp_path / "out" / "train.jsonl").read_bytes()
    with only_one(tmp_path / "out" / "train.jsonl"), pytest.raises(LedgerError, match="another preparation"):
        run(months(2))
    assert (tmp_path / "out" / "train.jsonl").read_bytes() == before


def test_a_damaged_ledger_stops_the_preparation_before_anything_is_written(run, tmp_path):
    run(months(1))
    ledger = tmp_path / "out" / "train.split.jsonl"
    ledger.write_text(ledger.read_text() + "torn")
    with pytest.raises(LedgerError, match=r"train\.split\.jsonl:25"):
        run(months(2))
    assert len(read(tmp_path / "out" / "train.jsonl")) + len(read(tmp_path / "out" / "val.jsonl")) == 12


def test_all_inputs_missing_is_an_error_and_one_missing_a_note(run, tmp_path):
    with pytest.raises(FinScribeError, match="no input"):
        run([], inputs=(str(tmp_path / "nowhere.jsonl"),))
    source = write(tmp_path / "a.jsonl", months(1))
    made = run([], inputs=(source, str(tmp_path / "nowhere.jsonl")))
    assert made.counts["input"] == 12
    assert "nowhere.jsonl" in made.card["notes"][0]


def test_several_processes_make_the_same_dataset_as_one(run, tmp_path, monkeypatch):
    monkeypatch.setattr("finscribe.training.dataset.prepare._CHUNK", 8)
    records = months(6)
    one = run(records, workers=1, output=tmp_path / "a" / "t.jsonl", val_output=tmp_path / "a" / "v.jsonl")
    two = run(records, workers=2, output=tmp_path / "b" / "t.jsonl", val_output=tmp_path / "b" / "v.jsonl")
    assert one.card["version"] == two.card["version"]


def test_progress_is_told_from_reading_to_writing(tmp_path):
    told = []
    options = PrepareOptions(
        inputs=(write(tmp_path / "a.jsonl", months(1)),), output=tmp_path / "out" / "t.jsonl"
    )
    prepare(options, lambda what, done: told.append((what, done)))
    assert told[0] == ("reading", 12)
    assert told[-1] == ("writing", 12)


def test_the_card_names_sources_hashes_and_the_tool(run):
    card = run(months(1)).card
    assert [source["records"] for source in card["sources"]] == [12]
    assert len(card["sources"][0]["sha256"]) == len(card["version"]) == 64
    assert card["tool"]["name"] == "finscribe"
    assert card["created"].startswith(("20",))
    assert date.fromisoformat(card["created"][:10])
