"""Cards of a few made-up records."""

from pathlib import Path

from finscribe.training.dataset.card import Tally, build_card
from finscribe.training.dataset.options import PrepareOptions
from finscribe.training.dataset.study import StudiedRecord
from finscribe.training.reading.counted import FileFacts
from finscribe.training.records import Origin


def record(number, *, family="techcorp", tokens=100, warnings=(), missing=1, respelled=0):
    return StudiedRecord(
        as_train=b'{"input": "TechCorp 5", "output": "{}"}\n',
        as_known=b'{"input": "TechCorp 5", "output": "{}"}\n',
        family=family,
        alias=family,
        origin=Origin("a.jsonl", number),
        shape="queue",
        language="en",
        known=("vendor.name", "vendor.address"),
        missing={"vendor.address": missing} if missing else {},
        partial={},
        changes={"older key": 2},
        respelled=respelled,
        tokens=tokens,
        warnings=tuple(warnings),
    )


def card_of(*records, rejects=(), **options):
    tally = Tally()
    for each in records:
        tally.add(each, "train")
    tally.rejects.update(rejects)
    files = {"train": FileFacts("train.jsonl", len(records), "0" * 64)}
    given = PrepareOptions(inputs=("a.jsonl",), output=Path("train.jsonl"), **options)
    return build_card(tally, files, [FileFacts("a.jsonl", len(records), None)], [], given)
