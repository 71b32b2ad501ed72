"""Versions on disk: named, listed, pruned, compared, described."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from finscribe.errors import RegistryError
from finscribe.registry.automation import Observation, certify_all
from finscribe.registry.card import limits, render_card, training_command
from finscribe.registry.differences import Change, compare
from finscribe.registry.history import Event, served_until_now
from finscribe.registry.lineage import trace
from finscribe.registry.promotion import promote
from finscribe.registry.pruning import prunable, prune
from finscribe.registry.store import Registry
from finscribe.registry.version import Version
from finscribe.testing import FakeModel
from tests.registry.folders import candidacy, model_folder, records, run_of

VALUES = [Observation("invoice_number", 0.99, True, f"vendor {number}") for number in range(400)]
AUTOMATION = certify_all([*VALUES, Observation("due_date", 0.99, True, "vendor")], "val.json")


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    """Four versions of one recipe, the last one served."""
    registry = Registry(tmp_path / "models" / "unsloth-finscribe")
    served: Path = model_folder(tmp_path / "starter", "starter")
    for number, weights in enumerate(("one", "two", "three", "four"), start=1):
        train = records(tmp_path / f"{weights}.jsonl", f"Vendor {weights} Ltd")
        run = run_of(train)
        run["recipe"] = {"model_name": "my starter", "num_epochs": float(number), "load_in_4bit": False}
        folder = model_folder(tmp_path / weights, weights, **run)
        asks = candidacy(folder, served, automation=AUTOMATION)
        promote(registry, asks, lambda _: FakeModel(), lambda _: None)
        served = registry.pointer
    return registry


def numbers(versions: list[Version]) -> list[int]:
    return [version.number for version in versions]


def test_a_version_is_found_by_number_id_or_hash(registry: Registry) -> None:
    version = registry.versions()[1]
    assert version.id == f"v2-{version.sha256[:8]}"
    for reference in ("v2", version.id, version.sha256, version.sha256[:6]):
        assert registry.find(reference) == version


@pytest.mark.parametrize("reference", ["v5", "2", "", "zzzzzz"])
def test_a_version_that_is_not_there_is_named_with_those_that_are(registry: Registry, reference: str) -> None:
    with pytest.raises(RegistryError, match="there is no version") as caught:
        registry.find(reference)
    assert registry.versions()[0].id in caught.value.hint


def test_a_record_is_read_as_it_was_written(registry: Registry) -> None:
    version = registry.find("v2")
    assert Version.from_json(version.to_json()) == version
    assert version.automation == AUTOMATION
    assert version.trial is not None
    assert len(version.trial.families) == 30


def test_without_a_registry_there_are_no_versions_and_nothing_is_made(tmp_path: Path) -> None:
    registry = Registry(tmp_path / "models" / "served")
    assert (registry.versions(), registry.served(), registry.line(), list(registry.history)) == (
        [],
        None,
        [],
        [],
    )
    assert not registry.folder.exists()


# --- history -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("events", "line"),
    [
        ("adopted 1, promoted 2, promoted 3", "1 2 3"),
        ("promoted 1, promoted 2, rolled back 1", "1"),
        ("promoted 1, promoted 2, rolled back 1, promoted 3, refused 4", "1 3"),
        ("promoted 1, promoted 2, promoted 1, promoted 3, rolled back 1", "1 2 1"),
        ("promoted 1, rolled back 9", "1"),
        ("promoted 1, found 2, pruned 1", "1 2"),
        ("promoted 1, promoted 2, found 1", "1"),
    ],
)
def test_the_line_to_what_is_served_forgets_what_was_rolled_back(events: str, line: str) -> None:
    told = [event.rpartition(" ") for event in events.split(", ")]
    found = served_until_now([Event(what, version, "", "") for what, _, version in told])  # type: ignore[arg-type]
    assert found == line.split()


def test_an_event_knows_its_time_and_whose_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "ann")
    event = Event.now("promoted", "v1")
    assert event.by == "ann"
    assert abs((datetime.fromisoformat(event.time) - datetime.now(UTC)).total_seconds()) < 60


# --- pruning -----------------------------------------------------------------------------------------


def test_pruning_keeps_the_served_version_the_one_before_it_and_the_newest(registry: Registry) -> None:
    assert numbers(prunable(registry, 0)) == [1, 2]
    assert numbers(prunable(registry, 3)) == [1]
    assert prunable(registry, 9) == []


def test_a_pruned_version_keeps_its_record_and_its_number_but_is_never_served(registry: Registry) -> None:
    prune(registry, prunable(registry, 0))
    assert numbers(registry.versions()) == [1, 2, 3, 4]
    assert numbers(registry.line()) == [3, 4]
    gone = registry.find("v1")
    assert gone.removed
    assert not registry.folder_of(gone).exists()
    assert registry.card_of(gone).exists()
    with pytest.raises(RegistryError, match="was pruned on"):
        registry.verify(gone)
    assert numbers(prunable(registry, 0)) == []
    assert [event.version for event in registry.history if event.what == "pruned"] == [
        version.id for version in registry.versions()[:2]
    ]


def test_the_vendors_of_pruned_versions_are_still_known_to_their_descendants(
    registry: Registry, tmp_path: Path
) -> None:
    served = model_folder(tmp_path / "before", **run_of(records(tmp_path / "0.jsonl", "Before Ltd")))
    for weights in ("five", "six", "seven"):
        train = records(tmp_path / f"{weights}.jsonl", f"Vendor {weights} Ltd")
        folder = model_folder(tmp_path / weights, weights, **run_of(train, served))
        asks = candidacy(folder, registry.pointer)
        promote(registry, asks, lambda _: FakeModel(), lambda _: None)
        served = registry.pointer
    last = model_folder(
        tmp_path / "eight", "eight", **run_of(records(tmp_path / "eight.jsonl", "Vendor eight Ltd"), served)
    )
    before = trace(last, registry.run_with_hash)
    assert len(before.families) == 5
    assert not before.unchecked
    prune(registry, prunable(registry, 0))
    assert registry.find("v5").removed
    assert trace(last, registry.run_with_hash) == before


def test_a_version_whose_pruning_was_cut_off_is_cleared_away(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, move = registry.find("v1"), Path.replace

    def die_at_folders(path: Path, target: Path) -> Path:
        if path.is_dir():
            raise KeyboardInterrupt
        return move(path, target)

    monkeypatch.setattr(Path, "replace", die_at_folders)
    with pytest.raises(KeyboardInterrupt):
        registry.remove(first)
    monkeypatch.undo()
    assert registry.folder_of(first).exists()
    with registry.changing():
        pass
    assert not registry.folder_of(first).exists()
    assert registry.find("v1").removed


def test_what_came_to_be_needed_meanwhile_is_not_pruned(registry: Registry) -> None:
    prune(registry, registry.versions())
    assert numbers([version for version in registry.versions() if not version.removed]) == [3, 4]


def adapter_of(registry: Registry, version: Version, base: Path) -> None:
    """Makes a version an adapter of a folder."""
    config = registry.folder_of(version) / "adapter_config.json"
    config.write_text(json.dumps({"base_model_name_or_path": str(base)}))


def test_the_base_of_a_version_that_stays_is_not_pruned(registry: Registry) -> None:
    one, two, _, four = registry.versions()
    adapter_of(registry, four, registry.folder_of(one))
    assert numbers(prunable(registry, 0)) == [2]
    adapter_of(registry, one, registry.folder_of(two))
    assert prunable(registry, 0) == []


def test_what_came_to_be_a_base_meanwhile_is_not_pruned(registry: Registry) -> None:
    doomed = prunable(registry, 0)
    adapter_of(registry, registry.find("v4"), registry.folder_of(registry.find("v2")))
    prune(registry, doomed)
    assert numbers([version for version in registry.versions() if not version.removed]) == [2, 3, 4]


def test_the_base_of_an_adapter_that_stands_in_the_place_of_the_pointer_is_not_pruned(
    registry: Registry,
) -> None:
    base = registry.folder_of(registry.find("v1"))
    registry.pointer.unlink()
    registry.pointer.mkdir()
    (registry.pointer / "adapter_config.json").write_text(json.dumps({"base_model_name_or_path": str(base)}))
    assert 1 not in numbers(prunable(registry, 0))


@pytest.mark.parametrize("base", ["unsloth/llama-3.1-8b", "", "itself"])
def test_an_adapter_of_something_else_keeps_nothing(registry: Registry, base: str) -> None:
    served = registry.find("v4")
    adapter_of(registry, served, registry.folder_of(served) if base == "itself" else Path(base))
    assert numbers(prunable(registry, 0)) == [1, 2]


# --- differences and cards ---------------------------------------------------------------------------


def test_two_versions_differ_in_recipe_scores_and_files(registry: Registry) -> None:
    one, other = registry.find("v1"), registry.find("v2")
    assert one.trial is not None
    better = replace(one.trial, candidate=replace(one.trial.candidate, micro_f1=0.9))
    changes = compare(registry, one, replace(other, trial=better))
    assert Change("--num_epochs", "1.0", "2.0") in changes
    assert Change("F1 of all values", "0.850", "0.900") in changes
    assert "model.safetensors" in {change.what for change in changes}
    assert not {"config.json", "--model_name", "dataset"} & {change.what for change in changes}
    assert compare(registry, one, one) == []


def test_scores_on_different_gate_sets_are_not_compared(registry: Registry) -> None:
    one, other = registry.find("v1"), registry.find("v2")
    assert other.trial is not None
    worse = replace(other.trial, candidate=replace(other.trial.candidate, micro_f1=0.7))
    for elsewhere in (replace(worse, test_sha256="6" * 64), replace(worse, documents=12)):
        changes = {change.what for change in compare(registry, one, replace(other, trial=elsewhere))}
        assert "gate set" in changes
        assert not any(what.startswith("F1") for what in changes)
    moved = replace(worse, test_set="moved/gate.jsonl")
    assert "F1 of all values" in {each.what for each in compare(registry, one, replace(other, trial=moved))}


def test_a_pruned_version_is_compared_by_the_recipe_that_its_record_keeps(registry: Registry) -> None:
    prune(registry, prunable(registry, 0))
    assert Change("--num_epochs", "1.0", "4.0") in compare(registry, registry.find("v1"), registry.find("v4"))


def test_a_card_says_what_it_is_how_it_did_and_how_to_make_it_again(registry: Registry) -> None:
    version = registry.find("v2")
    card = registry.card_of(version).read_text()
    for said in (
        f"# {version.id}",
        version.sha256,
        "two.jsonl",
        "| all values | 0.800 | 0.850 | +5.0 (+2.0 to +8.0) |",
        "| `vendor.name` | 0.800 | 0.850 | +5.0 |",
        "| the baseline is what is served now | yes |",
        "100% can be approved without a look, from a confidence of",
        "nothing can be approved: 1 independent values do not support the claim, which takes 299",
        "finscribe train --model_name 'my starter' --num_epochs 2.0 --no-load_in_4bit",
    ):
        assert said in card


def test_a_card_says_how_many_vendors_were_left_out_of_certificates(registry: Registry) -> None:
    version = replace(registry.find("v2"), automation=replace(AUTOMATION, left_out=2))
    assert "2 vendors that it was trained on count nowhere." in render_card(
        version, registry.folder_of(version)
    )


def test_a_card_of_a_model_that_nobody_knows_says_so(registry: Registry, tmp_path: Path) -> None:
    unknown = Version(number=1, sha256="a" * 64, files={}, added=datetime.now(UTC), source="a|b")
    card = render_card(unknown, model_folder(tmp_path / "bare"))
    for said in (
        "is not known",
        "was not evaluated",
        "never stood before the gate",
        "Nothing is certified",
        "a\\|b",
    ):
        assert said in card


def test_weak_fields_and_a_forced_promotion_are_limits(registry: Registry) -> None:
    version = registry.find("v2")
    assert version.trial is not None
    weak = replace(version.trial.fields[0], candidate=0.41)
    said = " ".join(limits(replace(version, trial=replace(version.trial, fields=(weak,)), forced="late")))
    assert "vendor.name (0.41)" in said
    assert "did not pass the gate" in said


def test_a_training_command_names_only_what_is_not_the_default() -> None:
    recipe = {"lora_r": 16, "full_finetuning": True, "val_data": None, "seed": 3}
    assert training_command(recipe) == "finscribe train --full_finetuning --seed 3"


def card_of_a_run(registry: Registry, folder: Path, **plan: int) -> str:
    """The card of a model whose run ended with batches of 1, accumulated 32 times."""
    recipe = {"batch_size": 1, "gradient_accumulation_steps": 32, "seed": 3}
    return render_card(registry.find("v2"), model_folder(folder, recipe=recipe, plan=plan))


def test_a_card_repeats_the_batch_that_was_asked_for_where_memory_did_not_last(
    registry: Registry, tmp_path: Path
) -> None:
    card = card_of_a_run(registry, tmp_path / "halved", grouped_by=4, documents_per_step=32)
    assert "finscribe train --seed 3\n" in card  # 4, accumulated 8 times, is the default
    assert "| documents a step | 32 |" in card
    assert "| batch that memory lasted for | 1 |" in card


def test_a_card_repeats_the_batch_of_a_run_that_kept_it(registry: Registry, tmp_path: Path) -> None:
    for number, plan in enumerate(({"grouped_by": 1}, {})):
        card = card_of_a_run(registry, tmp_path / str(number), **plan)
        assert "finscribe train --batch_size 1 --gradient_accumulation_steps 32 --seed 3\n" in card
        assert "memory lasted" not in card


def test_a_history_that_cannot_be_used_says_so(registry: Registry) -> None:
    registry.history.path.unlink()
    registry.history.path.mkdir()
    with pytest.raises(RegistryError, match=r"history\.jsonl: Is a directory") as caught:
        registry.line()
    assert "Check the disk" in caught.value.hint
    with pytest.raises(RegistryError, match=r"history\.jsonl: Is a directory"), registry.changing():
        pass
