"""Promotion and rollback with folders that only look like models."""

import errno
import json
import os
import threading
from pathlib import Path
from typing import Any

import pytest

from finscribe.documents import Document
from finscribe.errors import GateRefused, ModelBroken, RegistryError
from finscribe.extract import extract
from finscribe.registry import promotion
from finscribe.registry.hashes import hash_of
from finscribe.registry.promotion import promote, rollback
from finscribe.registry.reproduction import Answered, Judged
from finscribe.registry.store import Registry
from finscribe.testing import FakeModel
from tests.registry.folders import candidacy, model_folder, records, run_of, trial_of


class Loads:
    """Stands in for loading a model: notes what it was given, and fails where told to."""

    def __init__(self) -> None:
        self.weights: list[str] = []
        self.error: Exception | None = None

    def __call__(self, folder: Path) -> FakeModel:
        self.weights.append((folder / "model.safetensors").read_text())
        if self.error:
            raise self.error
        return FakeModel(f'{{"invoice_number":"{self.weights[-1]}"}}')


@pytest.fixture
def loads() -> Loads:
    return Loads()


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    return Registry(tmp_path / "models" / "unsloth-finscribe")


@pytest.fixture
def train(tmp_path: Path) -> Path:
    return records(tmp_path / "train.jsonl", "Old Vendor Ltd", "Older Vendor Inc")


@pytest.fixture
def starter(tmp_path: Path) -> Path:
    """What is served before there is anything else."""
    return model_folder(tmp_path / "starter", "starter")


@pytest.fixture
def make(tmp_path: Path, train: Path):
    """Trained folders, by what their weights are."""
    return lambda weights: model_folder(tmp_path / weights, weights, **run_of(train))


def serve(registry: Registry, folder: Path, served: Path, loads: Loads, **changed: object):
    verdicts = []
    promoted = promote(registry, candidacy(folder, served, **changed), loads, verdicts.append)
    return promoted, verdicts


def weights_served(registry: Registry) -> str:
    return (registry.pointer / "model.safetensors").read_text()


def events(registry: Registry) -> list[tuple[str, str]]:
    return [(event.what, event.version) for event in registry.history]


# --- promotion ---------------------------------------------------------------------------------------


def test_a_candidate_that_passes_is_copied_loaded_and_served(registry, make, starter, loads) -> None:
    promoted, (verdict,) = serve(registry, make("one"), starter, loads)
    version = promoted.version
    assert promoted.switched
    assert verdict.passed
    assert loads.weights == ["one"]
    assert os.readlink(registry.pointer) == f"registry/{version.id}"
    assert weights_served(registry) == "one"
    assert registry.served() == version
    assert (version.number, version.standing, version.dataset) == (1, "gate passed", "0123456789abcdef")
    assert version.sha256 == hash_of(registry.pointer)
    assert events(registry) == [("promoted", version.id)]


def judged(model: FakeModel, **otherwise: str) -> Judged:
    """What a model answered to two texts, but for these values."""
    texts = ("Invoice one of ACME", "Invoice two of ACME")
    read = [extract(Document.from_text(text), model, arithmetic=False) for text in texts]
    values = [{path: str(value) for path, value in each.given.items()} for each in read]
    answers = (Answered(text, each | otherwise) for text, each in zip(texts, values, strict=True))
    return Judged(tuple(answers), "grounded", arithmetic=False)


def test_a_candidate_that_answers_otherwise_as_it_would_be_served_is_refused(
    registry, make, starter, loads
) -> None:
    folder = make("one")
    other = judged(loads(folder), invoice_number="7")
    with pytest.raises(GateRefused, match=r"as served .* it gives .* values as when it was judged") as caught:
        serve(registry, folder, starter, loads, judged=other)
    assert "FINSCRIBE_BACKEND" in caught.value.hint
    assert not registry.pointer.exists()
    assert [event.what for event in registry.history] == ["refused"]
    forced = serve(registry, folder, starter, loads, judged=other, force="seen")[0]
    assert (forced.switched, forced.version.forced, forced.version.standing) == (True, "seen", "forced")
    assert not serve(registry, folder, starter, loads, judged=judged(loads(folder)))[0].switched


def test_a_candidate_that_answers_as_it_was_judged_is_served(registry, make, starter, loads) -> None:
    folder = make("one")
    assert serve(registry, folder, starter, loads, judged=judged(loads(folder)))[0].switched


def test_a_version_is_a_copy_that_nothing_writes_to(registry, make, starter, loads) -> None:
    folder = make("one")
    version = serve(registry, folder, starter, loads)[0].version
    (folder / "model.safetensors").write_text("trained anew")
    assert weights_served(registry) == "one"
    assert all(path.stat().st_mode & 0o222 == 0 for path in registry.folder_of(version).iterdir())


def test_a_plain_folder_is_adopted_first_as_a_version_that_is_not_gated(registry, make, loads) -> None:
    plain = model_folder(registry.pointer, "plain")
    promoted, _ = serve(registry, make("one"), plain, loads)
    first, second = registry.versions()
    assert [first.number, second.number] == [1, 2]
    assert (first.standing, second) == ("not gated", promoted.version)
    assert (registry.folder_of(first) / "model.safetensors").read_text() == "plain"
    assert events(registry) == [("adopted", first.id), ("promoted", second.id)]
    assert sorted(os.listdir(registry.pointer.parent)) == ["registry", "unsloth-finscribe"]


def test_a_link_that_somebody_else_made_is_adopted_and_its_folder_left_alone(
    registry, make, loads, tmp_path
) -> None:
    theirs = model_folder(tmp_path / "theirs", "theirs")
    registry.pointer.parent.mkdir()
    registry.pointer.symlink_to(theirs)
    serve(registry, make("one"), theirs, loads)
    assert [version.standing for version in registry.versions()] == ["not gated", "gate passed"]
    assert os.access(theirs / "model.safetensors", os.W_OK)
    assert rollback(registry).number == 1
    assert weights_served(registry) == "theirs"


def test_a_candidate_that_does_not_pass_changes_nothing_but_the_history(registry, make, loads) -> None:
    plain = model_folder(registry.pointer, "plain")
    folder = make("worse")
    trial = trial_of(folder, plain, gain=-0.1, interval=(-0.2, -0.05))
    with pytest.raises(GateRefused, match="micro-F1 loses at most 1 points") as caught:
        serve(registry, folder, plain, loads, trial=trial)
    assert "--force REASON" in caught.value.hint
    assert not registry.pointer.is_symlink()
    assert (registry.versions(), loads.weights) == ([], [])
    (event,) = registry.history
    assert event.what == "refused"
    assert "-10.0 points" in event.said


def test_a_forced_promotion_keeps_its_reason_in_record_history_and_card(
    registry, make, starter, loads
) -> None:
    promoted, (verdict,) = serve(
        registry, make("worse"), starter, loads, trial=None, force="the old one is gone"
    )
    version = registry.find("v1")
    assert not verdict.passed
    assert (version, version.standing, version.forced) == (promoted.version, "forced", "the old one is gone")
    assert [event.said for event in registry.history] == ["the old one is gone"]
    assert "the old one is gone" in registry.card_of(version).read_text()


def test_a_reason_is_not_kept_where_it_was_not_needed(registry, make, starter, loads) -> None:
    version = serve(registry, make("one"), starter, loads, force="to be sure")[0].version
    assert (version.standing, version.forced) == ("gate passed", None)


def test_what_is_served_already_is_not_promoted_again(registry, make, starter, loads) -> None:
    folder = make("one")
    version = serve(registry, folder, starter, loads)[0].version
    for again in (folder, registry.pointer, registry.folder_of(version)):
        promoted, verdicts = serve(registry, again, starter, loads)
        assert (promoted.version, promoted.switched, verdicts) == (version, False, [])
    assert (loads.weights, len(events(registry))) == (["one"], 1)


def test_a_plain_folder_that_is_served_is_only_adopted(registry, loads) -> None:
    plain = model_folder(registry.pointer, "plain")
    promoted, _ = serve(registry, plain, plain, loads)
    assert (promoted.switched, promoted.version.standing) == (False, "not gated")
    assert weights_served(registry) == "plain"


def test_a_version_that_was_rolled_back_is_promoted_again_without_a_copy(
    registry, make, starter, loads
) -> None:
    one = serve(registry, make("one"), starter, loads)[0].version
    two = serve(registry, make("two"), registry.pointer, loads)[0].version
    rollback(registry)
    again = serve(registry, registry.folder_of(two), registry.pointer, loads)[0].version
    assert (again.id, len(registry.versions())) == (two.id, 2)
    assert [version.id for version in registry.line()] == [one.id, two.id]


def test_a_candidate_that_does_not_load_leaves_what_is_served(registry, make, starter, loads) -> None:
    serve(registry, make("one"), starter, loads)
    loads.error = ModelBroken("wrong shapes")
    with pytest.raises(ModelBroken, match="two cannot be served: wrong shapes"):
        serve(registry, make("two"), registry.pointer, loads)
    assert weights_served(registry) == "one"
    assert [version.number for version in registry.versions()] == [1]
    assert not list(registry.folder.glob(".unfinished-*"))


def test_a_disk_that_is_full_leaves_what_is_served(registry, make, starter, loads, monkeypatch) -> None:
    serve(registry, make("one"), starter, loads)

    def full(source: str, target: str, **_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", target)

    folder = make("two")
    with monkeypatch.context() as disk:
        disk.setattr("shutil.copyfile", full)
        with pytest.raises(RegistryError, match=r"could not be copied: .*No space left"):
            serve(registry, folder, registry.pointer, loads)
    assert weights_served(registry) == "one"
    assert not list(registry.folder.glob(".unfinished-*"))


def test_the_vendors_of_every_model_before_count(registry, make, starter, loads, tmp_path, train) -> None:
    """The base is found by its hash, wherever its folder is now."""
    base = make("base")
    serve(registry, base, starter, loads)
    newer = records(tmp_path / "newer.jsonl", "New Vendor")
    child = model_folder(tmp_path / "child", "child", **run_of(newer, base))
    base.rename(tmp_path / "moved")
    trial = trial_of(child, registry.pointer, families=frozenset({"oldvendor", *"abcd"}))
    with pytest.raises(GateRefused, match="neither train nor val"):
        serve(registry, child, registry.pointer, loads, trial=trial)
    promoted, _ = serve(registry, child, registry.pointer, loads)
    assert promoted.version.parent == registry.find("v1").id


@pytest.mark.parametrize("what", ["gone", "changed"])
def test_training_records_that_cannot_be_checked_are_named(
    registry, make, starter, loads, train, what
) -> None:
    folder = make("one")
    train.unlink() if what == "gone" else records(train, "Another Vendor")
    with pytest.raises(GateRefused):
        serve(registry, folder, starter, loads)
    (event,) = registry.history
    assert f"{train} " in event.said
    assert what in event.said


def test_two_promotions_at_once_do_not_mix(registry, make, starter, loads) -> None:
    """The second one is refused at once, and says why."""
    loading, go = threading.Event(), threading.Event()
    errors: list[Exception] = []

    def slow_load(folder: Path) -> FakeModel:
        loading.set()
        assert go.wait(10)
        return FakeModel()

    def first() -> None:
        try:
            promote(registry, candidacy(one, starter), slow_load, lambda _: None)
        except Exception as error:
            errors.append(error)

    one = make("one")
    thread = threading.Thread(target=first)
    thread.start()
    assert loading.wait(10)
    with pytest.raises(RegistryError, match="another promotion"):
        serve(registry, make("two"), starter, loads)
    with pytest.raises(RegistryError, match="another promotion"):
        rollback(registry)
    go.set()
    thread.join(10)
    assert errors == []
    assert weights_served(registry) == "one"


def test_a_candidate_that_was_compared_with_what_is_no_longer_served_does_not_pass(
    registry, make, starter, loads
) -> None:
    serve(registry, make("one"), starter, loads)
    with pytest.raises(GateRefused, match="the baseline is what is served"):
        serve(registry, make("two"), starter, loads, trial=trial_of(make("two"), starter))


def test_a_refusal_is_kept_though_it_could_not_be_shown(registry, make, starter, loads) -> None:
    def closed(_: object) -> None:
        raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        promote(registry, candidacy(make("one"), starter, trial=None), loads, closed)
    assert [event.what for event in registry.history] == ["refused"]


def test_a_folder_that_changes_while_it_is_copied_is_not_stored(
    registry, make, starter, loads, monkeypatch
) -> None:
    folder = make("one")
    judge = promotion._judge

    def meanwhile(*arguments: Any) -> Any:
        (folder / "model.safetensors").write_text("two")
        return judge(*arguments)

    monkeypatch.setattr(promotion, "_judge", meanwhile)
    with pytest.raises(RegistryError, match=r"model\.safetensors has changed, its sha256 is [0-9a-f]{64}"):
        serve(registry, folder, starter, loads)
    assert (registry.versions(), registry.pointer.exists()) == ([], False)


def test_a_folder_in_the_pointers_place_that_is_no_model_is_not_removed(
    registry, make, starter, loads
) -> None:
    registry.pointer.mkdir(parents=True)
    (registry.pointer / "notes.txt").write_text("mine")
    with pytest.raises(RegistryError, match="is in the way"):
        serve(registry, make("one"), starter, loads, trial=None, force="first")
    assert (registry.pointer / "notes.txt").read_text() == "mine"


def test_a_promotion_that_is_cut_off_before_its_record_leaves_no_version(
    registry, make, starter, loads, monkeypatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(promotion.Version, "to_json", lambda self: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            serve(registry, make("one"), starter, loads)
    assert (registry.versions(), registry.pointer.exists()) == ([], False)
    assert serve(registry, make("one"), starter, loads)[0].version.number == 1


def test_a_promotion_that_is_cut_off_before_its_event_is_found(
    registry, make, starter, loads, monkeypatch
) -> None:
    one = serve(registry, make("one"), starter, loads)[0].version
    with monkeypatch.context() as broken:
        broken.setattr(promotion.Event, "now", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            serve(registry, make("two"), registry.pointer, loads)
    assert weights_served(registry) == "two"
    assert rollback(registry) == one
    assert [what for what, _ in events(registry)] == ["promoted", "found", "rolled back"]


# --- rollback ----------------------------------------------------------------------------------------


def test_a_rollback_goes_back_one_version_at_a_time(registry, make, starter, loads) -> None:
    serve(registry, make("one"), starter, loads)
    for weights in ("two", "three"):
        serve(registry, make(weights), registry.pointer, loads)
    loads.weights.clear()
    assert [rollback(registry, reason="odd totals").number, weights_served(registry)] == [2, "two"]
    assert [rollback(registry).number, weights_served(registry)] == [1, "one"]
    with pytest.raises(RegistryError, match="no version was served before v1"):
        rollback(registry)
    assert loads.weights == []
    assert [event.said for event in registry.history if event.what == "rolled back"] == ["odd totals", ""]


def test_a_rollback_can_skip_versions_and_those_skipped_stay_behind(registry, make, starter, loads) -> None:
    serve(registry, make("one"), starter, loads)
    for weights in ("two", "three"):
        serve(registry, make(weights), registry.pointer, loads)
    rollback(registry, "v1")
    assert weights_served(registry) == "one"
    with pytest.raises(RegistryError, match="was rolled back"):
        rollback(registry, "v2")
    with pytest.raises(RegistryError, match="is served now"):
        rollback(registry, "v1")


def test_a_rollback_that_is_cut_off_before_its_event_took_place(
    registry, make, starter, loads, monkeypatch
) -> None:
    serve(registry, make("good"), starter, loads)
    serve(registry, make("bad"), registry.pointer, loads)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr(registry.history, "add", full)
        with pytest.raises(RegistryError, match=r"v1-\w+ is served now, but .*No space left"):
            rollback(registry)
    assert [version.number for version in registry.line()] == [1]
    with pytest.raises(RegistryError, match="no version was served before v1"):
        rollback(registry)
    assert weights_served(registry) == "good"
    assert [what for what, _ in events(registry)] == ["promoted", "promoted", "found"]


def test_where_nothing_was_ever_served_there_is_no_way_back(registry) -> None:
    with pytest.raises(RegistryError, match=r"no version of .* is served"):
        rollback(registry)


@pytest.mark.parametrize("what", ["missing", "altered"])
def test_a_version_with_a_missing_or_altered_file_is_not_served_and_the_hash_is_named(
    registry, make, starter, loads, what
) -> None:
    one = serve(registry, make("one"), starter, loads)[0].version
    serve(registry, make("two"), registry.pointer, loads)
    path = registry.folder_of(one) / "model.safetensors"
    path.unlink()
    if what == "altered":
        path.write_text("altered")
    expected = one.files["model.safetensors"]
    for serve_again in (
        lambda: rollback(registry),
        lambda: serve(registry, registry.folder_of(one), registry.pointer, loads),
    ):
        with pytest.raises(RegistryError, match=expected) as caught:
            serve_again()
        assert str(path) in caught.value.message
        assert "is missing" in caught.value.message or "has changed" in caught.value.message
        assert weights_served(registry) == "two"


def test_a_record_that_is_damaged_is_named(registry, make, starter, loads) -> None:
    version = serve(registry, make("one"), starter, loads)[0].version
    path = registry.folder / f"{version.id}.json"
    path.write_text(json.dumps({"number": 1}))
    with pytest.raises(RegistryError, match=r"v1-.*\.json is no record of a version"):
        rollback(registry)


def test_a_torn_end_of_the_history_is_set_aside(registry, make, starter, loads) -> None:
    serve(registry, make("one"), starter, loads)
    with registry.history.path.open("ab") as file:
        file.write(b'{"what": "prom')
    serve(registry, make("two"), registry.pointer, loads)
    assert [what for what, _ in events(registry)] == ["promoted", "promoted"]
    assert (registry.folder / "history.jsonl.torn").exists()
