"""The card of a finished model, `README.md`, in Markdown: base, data, figures, as `run.json` has them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from finscribe.reports.markdown import markdown_table
from finscribe.wording import counted


def write_cards(run: Mapping[str, Any], folder: Path) -> None:
    """Writes the card of a `run.json` into the folder of its model, and into that of an adapter beside the model."""
    alone = (folder / "adapter_config.json").exists()
    (folder / "README.md").write_text(render_card(run, adapter=alone), "utf-8")
    if (folder / "adapter").is_dir():
        (folder / "adapter" / "README.md").write_text(render_card(run, adapter=True), "utf-8")


def render_card(run: Mapping[str, Any], *, adapter: bool) -> str:
    """The card of a `run.json`, as that of the adapter alone or that of the whole model."""
    parts = [
        _front_matter(run, adapter=adapter),
        f"# {Path(run['recipe']['output_dir']).name}",
        _lead(run, adapter=adapter),
        markdown_table(("", ""), _made_of(run)),
        *_scores(run),
        f"{_use(run, adapter=adapter)} The model's `run.json` has all "
        "that it takes to train it again, its `training.html` the curves.",
    ]
    return "\n\n".join(parts) + "\n"


def _front_matter(run: Mapping[str, Any], *, adapter: bool) -> str:
    """What a hub wants to know; a base that lies in a folder is of no use to it."""
    base = run["base"]["name"]
    said = [f"base_model: {base}"] if run["base"]["revision"] else []
    library = "peft" if adapter else "transformers"
    return "\n".join(["---", *said, f"library_name: {library}", "pipeline_tag: text-generation", "---"])


def _lead(run: Mapping[str, Any], *, adapter: bool) -> str:
    what = "An adapter with which a model reads" if adapter else "A model that reads"
    train, before, after = run["data"]["train"], run["before"], run["after"]
    learned = f"trained on {counted(train['documents'], 'document')} from `{run['base']['name']}`"
    if not (before and after):
        return f"{what} invoices and receipts into JSON, {learned}. How well it reads is not known."
    return (
        f"{what} invoices and receipts into JSON, {learned}. Field F1 on "
        f"{counted(after['documents'], 'validation document')}: {before['field_f1']:.3f} before, "
        f"{after['field_f1']:.3f} after."
    )


def _made_of(run: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    base, data, final = run["base"], run["data"], run["final"]
    yield "base", f"`{base['name']}`" + (f", revision `{base['revision']}`" if base["revision"] else "")
    yield "base, SHA-256", f"`{base['sha256']}`" if base["sha256"] else "not known"
    yield "base while it was trained", "in 4 bits" if base["quantised"] else "in full"
    yield "training data", _data(data["train"])
    yield "synthetic documents beside it", f"{data['train']['synthetic']:,}"
    yield "validation data", _data(data["val"]) if data["val"] else "none"
    yield "dataset version", f"`{data['version']}`" if data["version"] else "not known"
    yield "weights", f"of {run['saved']['why']}"
    if final["loss"] is not None:
        yield "loss", f"{final['loss']:.3f}, in step {final['step']}, the last one"
    yield "recipe", "`" + ", ".join(f"{name} {run['recipe'][name]}" for name in _TOLD) + "`"
    yield "trained with", f"{run['engine']}, on {run['hardware']['cpu']}" + _and_gpus(run["hardware"]["gpus"])


_TOLD = ("num_epochs", "learning_rate", "lora_r", "lora_alpha", "full_finetuning", "max_seq_length", "seed")


def _and_gpus(names: Sequence[str]) -> str:
    return f" and {', '.join(names)}" if names else ""


def _data(data: Mapping[str, Any]) -> str:
    return f"`{data['path']}`, {counted(data['examples'], 'example')}, SHA-256 `{data['sha256']}`"


def _scores(run: Mapping[str, Any]) -> Iterator[str]:
    if not (run["before"] and run["after"]):
        return
    before = run["before"]["fields"]
    rows = [
        (f"`{path}`", f"{before.get(path, 0.0):.3f}", f"{found:.3f}")
        for path, found in run["after"]["fields"].items()
    ]
    yield "## F1 by field\n\n" + markdown_table(("field", "before", "after"), rows)


def _use(run: Mapping[str, Any], *, adapter: bool) -> str:
    folder = run["recipe"]["output_dir"]
    if adapter:
        return "FinScribe loads it with the base that `adapter_config.json` names."
    return f"FinScribe reads with it where `UNSLOTH_MODEL_DIR` names its folder (`{folder}` when it was trained)."
