"""Cards of a few made-up examples."""

from pathlib import Path

from finscribe.training.dataset.card import FileFacts, Tally, build_card
from finscribe.training.dataset.options import PrepareOptions
from finscribe.training.dataset.study import Example
from finscribe.training.records import Origin


def example(number, *, family="techcorp", tokens=100, warnings=()):
    return Example(
        text="TechCorp\n5",
        target="{}",
        truth="{}",
        id=str(number),
        family=family,
        origin=Origin("a.jsonl", number),
        language="en",
        known=("vendor.name",),
        missing={"vendor.address": 1},
        partial={},
        changes={"older key": 2},
        tokens=tokens,
        warnings=tuple(warnings),
    )


def card_of(*examples, rejects=(), **options):
    tally = Tally()
    for each in examples:
        tally.add(each, "train")
    tally.rejects.update(rejects)
    files = {"train": FileFacts("train.jsonl", len(examples), "0" * 64)}
    given = PrepareOptions(inputs=("a.jsonl",), output=Path("train.jsonl"), **options)
    return build_card(tally, files, [FileFacts("a.jsonl", len(examples), None)], [], given)
