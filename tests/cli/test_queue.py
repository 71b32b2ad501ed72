import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from xml.etree import ElementTree

import pytest

from finscribe.cli.queue_plot import draw_plot, over_time
from finscribe.training.queue.record import make_correction
from finscribe.training.queue.training_queue import TrainingQueue
from tests.cli.fakes import run


@pytest.fixture
def queue(tmp_path):
    """Two corrections of one invoice, one of another, in the default folder."""
    queue = TrainingQueue(tmp_path / "data")
    for number, (invoice, name) in enumerate([("inv-1", "Acne"), ("inv-2", "Bolt & Co"), ("inv-1", "Acme")]):
        correction = make_correction(
            f"{name}\nTotal 5",
            {"vendor": {"name": name}, "line_items": [{"desc": "Box", "qty": 2}]},
            invoice,
            extracted={"vendor": {"name": "?"}, "line_items": [{"desc": "Box", "qty": 1}]},
            reviewer="ann",
        )
        when = datetime(2026, 3, 1, tzinfo=UTC) + timedelta(days=number)
        queue.append(replace(correction, timestamp=when))
    return queue


def test_stats_count_by_field_by_vendor_and_by_day(capsys, queue):
    code, out, err = run(capsys, "queue", "stats")
    assert (code, err) == (0, "")
    rows = [line.split() for line in out.splitlines()]
    assert ["Corrections", "3:", "2", "current,", "1", "superseded"] in rows
    assert ["Vendor", "█" * 40, "3"] in rows
    assert ["Quantity", "█" * 40, "3"] in rows
    assert ["Bolt", "&", "Co", "█" * 40, "1"] in rows
    assert ["2026-03-02", "█" * 40, "1"] in rows


def test_signs_of_markup_and_names_of_emoji_are_shown_as_they_are(capsys, tmp_path):
    queue = TrainingQueue(tmp_path)
    names = ("ACME [/] GmbH", "Bau [bold] KG", "C:x:")
    for name in names:
        queue.append(make_correction(f"{name}\nTotal 5", {"vendor": {"name": name}}, name))
    code, out, _ = run(capsys, "queue", "stats", "--folder", tmp_path)
    assert code == 0
    assert all(name in out for name in names)


def test_times_are_told_in_utc(capsys, tmp_path):
    queue = TrainingQueue(tmp_path)
    record = {
        "timestamp": "2026-03-02T00:30:00+02:00",
        "input": "Acme",
        "output": {"vendor": {"name": "Acme"}},
    }
    queue.general.write_text(f"{json.dumps(record)}\n")
    _, out, _ = run(capsys, "queue", "stats", "--folder", tmp_path)
    assert "2026-03-01 22:30 to 2026-03-01 22:30" in out
    assert list(queue.stats().to_dict()["by_day"]) == ["2026-03-01"]
    assert "2026-03-01 22:30" in run(capsys, "queue", "list", "--folder", tmp_path)[1]
    (shown,) = queue.corrections()
    assert "2026-03-01 22:30" in run(capsys, "queue", "show", shown.id, "--folder", tmp_path)[1]


def test_stats_are_json_for_programs(capsys, queue):
    _, out, _ = run(capsys, "queue", "stats", "--format", "json", "--folder", queue.folder)
    assert json.loads(out) == queue.stats().to_dict()


def test_stats_of_an_empty_queue_are_zeros(capsys, tmp_path):
    code, out, _ = run(capsys, "queue", "stats", "--folder", tmp_path / "none")
    assert code == 0
    assert "Corrections  0" in out
    assert not (tmp_path / "none").exists()


def test_a_projection_out_of_step_is_told_and_mended_on_demand(capsys, queue):
    queue.unsloth.write_text("")
    with queue.general.open("a") as file:
        file.write('{"torn')
    _, _, err = run(capsys, "queue", "stats")
    assert "differs from the general queue" in err
    _, out, err = run(capsys, "queue", "stats", "--repair")
    assert "note: " in err
    assert "training_queue.jsonl.torn" in err
    assert "Set aside    1 torn" in out
    assert run(capsys, "queue", "stats")[2] == ""


def test_the_plot_is_a_picture_with_both_charts(capsys, queue, tmp_path):
    code, _, _ = run(capsys, "queue", "stats", "--plot", tmp_path / "plot.svg")
    picture = ElementTree.parse(tmp_path / "plot.svg").getroot()
    texts = {element.text for element in picture.iter("{http://www.w3.org/2000/svg}text")}
    titles = {element.text for element in picture.iter("{http://www.w3.org/2000/svg}title")}
    assert code == 0
    assert {"2026-03-01", "corrections a day", "Vendor", "Quantity"} <= texts
    assert {"2026-03-02: 1", "Vendor: 3"} <= titles


def test_a_plot_that_is_no_svg_is_a_usage_error(capsys, queue):
    code, _, err = run(capsys, "queue", "stats", "--plot", "plot.png")
    assert code == 2
    assert "SVG" in err


def test_the_plot_of_an_empty_queue_says_so(tmp_path):
    assert "none yet" in draw_plot(TrainingQueue(tmp_path).stats())


@pytest.mark.parametrize(
    ("days", "unit"), [(31, "day"), (32, "week"), (210, "week"), (211, "month"), (800, "month")]
)
def test_time_is_cut_into_days_weeks_or_months_without_gaps(days, unit):
    first, last = date(2025, 1, 1), date(2025, 1, 1) + timedelta(days=days - 1)
    found, bars = over_time({first: 2, last: 3})
    assert found == unit
    assert len(bars) <= 31
    assert (bars[0][1], bars[-1][1], sum(count for _, count in bars)) == (2, 3, 5)
    assert [label for label, _ in bars] == sorted({label for label, _ in bars})


def test_the_list_shows_the_newest_last_and_those_taken_back_on_demand(capsys, queue):
    queue.retract("inv-2")
    _, out, _ = run(capsys, "queue", "list")
    assert [line.split()[3] for line in out.splitlines()[1:]] == ["inv-1", "inv-1"]
    _, out, _ = run(capsys, "queue", "list", "--all", "--limit", "2")
    rows = out.splitlines()[1:]
    assert [("retracted" in row, "Acme" in row) for row in rows] == [(True, False), (False, True)]


def test_an_empty_list_says_so_and_has_no_heads_of_columns(capsys, tmp_path):
    code, out, err = run(capsys, "queue", "list", "--folder", tmp_path)
    assert (code, out) == (0, "")
    assert f"no corrections in {tmp_path}" in err


def test_show_prints_the_changes_and_the_text_of_every_correction(capsys, queue):
    code, out, _ = run(capsys, "queue", "show", "inv-1")
    rows = [line.split() for line in out.splitlines()]
    assert code == 0
    assert ["vendor.name", "?", "Acne"] in rows
    assert ["vendor.name", "?", "Acme"] in rows
    assert ["line_items[0].qty", "1", "2"] in rows
    assert rows.count(["Total", "5"]) == 2


def test_an_unknown_id_is_an_error_with_a_hint(capsys, queue):
    for command in ("show", "retract", "purge"):
        code, _, err = run(capsys, "queue", command, "inv-9")
        assert code == 1
        assert "'inv-9'" in err
        assert "finscribe queue list" in err


def test_export_writes_either_face_of_the_live_corrections(capsysbinary, queue, tmp_path):
    queue.retract("inv-2")
    code, out, _ = run(capsysbinary, "queue", "export")
    exported = [json.loads(line) for line in out.splitlines()]
    pairs = [json.loads(line) for line in queue.unsloth.read_bytes().splitlines()]
    assert code == 0
    assert [{key: record[key] for key in ("input", "output")} for record in exported] == pairs
    assert [(record["id"], record["invoice_id"]) for record in exported] == [
        (each.id, "inv-1") for each in queue.corrections()
    ]
    run(capsysbinary, "queue", "export", tmp_path / "out.jsonl", "--format", "general", "--current")
    (record,) = map(json.loads, (tmp_path / "out.jsonl").read_text().splitlines())
    assert record["output"]["vendor"] == {"name": "Acme"}


def test_export_never_writes_over_the_queue_itself(capsys, queue):
    before = queue.general.read_bytes()
    code, _, err = run(capsys, "queue", "export", "data/training_queue.jsonl")
    assert code == 2
    assert "file of the queue itself" in err
    assert queue.general.read_bytes() == before


def test_retract_names_what_it_took_back(capsys, queue):
    code, out, _ = run(capsys, "queue", "retract", "inv-1", "--reviewer", "bob")
    assert code == 0
    assert [line.split()[:2] + line.split()[3:] for line in out.splitlines()] == [
        ["taking", "back:", "inv-1", "Acne"],
        ["taking", "back:", "inv-1", "Acme"],
        ["taken", "back:", "corrections"],
    ]
    assert [each.invoice_id for each in queue.corrections()] == ["inv-2"]


def test_purge_asks_before_it_erases(capsys, queue, monkeypatch):
    monkeypatch.setattr("typer.confirm", refuse)
    code, out, _ = run(capsys, "queue", "purge", "inv-1")
    assert code == 1
    assert len(list(queue.stored())) == 3
    code, out, _ = run(capsys, "queue", "purge", "inv-1", "--yes")
    assert code == 0
    assert [line.split()[-1] for line in out.splitlines()] == ["Acne", "Acme", "corrections"]
    assert out.endswith("erased: 2 corrections\n")
    assert b"Acme" not in queue.general.read_bytes() + queue.reviews.read_bytes()


def refuse(question, *, abort):
    import typer

    assert question == "Erase 2 corrections of inv-1 for good?"
    raise typer.Abort
