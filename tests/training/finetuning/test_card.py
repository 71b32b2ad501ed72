"""The card of a finished model."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from finscribe.cli.models import card_summary
from finscribe.training.finetuning.card import render_card, write_cards


def front_matter(card: str) -> dict[str, str]:
    _, front, _ = card.split("---\n", 2)
    return dict(yaml.safe_load(front))


def test_a_card_says_what_the_model_was_made_of_and_how_well_it_reads(run: dict[str, Any]) -> None:
    run["base"] |= {"name": "owner/base", "revision": "0123abcd", "sha256": "cd" * 32}
    card = render_card(run, adapter=False)
    for words in (
        "# x\n",
        "trained on 7 documents from `owner/base`",
        "Field F1 on 4 validation documents: 0.100 before, 0.900 after.",
        "| base | `owner/base`, revision `0123abcd` |",
        f"`{'cd' * 32}`",
        f"`t.jsonl`, 8 examples, SHA-256 `{'ab' * 32}`",
        "| synthetic documents beside it | 2 |",
        "| weights | of step 2, the last one, where field F1 was best |",
        "| loss | 1.000, in step 2, the last one |",
        "| `financial_summary.grand_total` | 0.100 | 0.900 |",
        "learning_rate 2e-05",
        "`UNSLOTH_MODEL_DIR`",
    ):
        assert words in card
    assert front_matter(card)["base_model"] == "owner/base"


def test_a_base_in_a_folder_is_named_to_readers_and_not_to_a_hub(run: dict[str, Any]) -> None:
    run["base"]["name"] = "/home/me/base"
    card = render_card(run, adapter=True)
    assert "from `/home/me/base`" in card
    assert front_matter(card) == {"library_name": "peft", "pipeline_tag": "text-generation"}


def test_a_model_that_nobody_validated_is_said_to_be_one(run: dict[str, Any]) -> None:
    run |= {"before": None, "after": None}
    card = render_card(run, adapter=False)
    assert "How well it reads is not known." in card
    assert "F1 by field" not in card
    assert "Field F1 on" not in card


@pytest.mark.parametrize("adapter", [True, False])
def test_what_is_published_and_an_adapter_beside_it_have_their_cards(
    run: dict[str, Any], tmp_path: Path, adapter: bool
) -> None:
    (tmp_path / "adapter").mkdir()
    if adapter:
        (tmp_path / "adapter_config.json").touch()
    write_cards(run, tmp_path)
    assert card_summary(tmp_path).startswith("An adapter with which" if adapter else "A model that reads")
    assert card_summary(tmp_path / "adapter").startswith("An adapter with which")
