"""The choice among shapes, and that none of them can be broken by what a record holds."""

import json
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from finscribe.training.reading.lines import Raw
from finscribe.training.reading.shapes import SHAPES
from finscribe.training.reading.sources import to_record
from finscribe.training.records import Origin, Record, Reject

ORIGIN = Origin("a.jsonl", 1)
OUTER = frozenset("input output confirmed changes meta ts reviewed ocr_text instruction".split())
INNER = (
    "text words pages bbox quad role content from value result id labels rectanglelabels x y width height gt_parse "
    "menu nm price sub_total total valid_line line_items items vendor name currency date path after kind "
    "line_items[0].qty item_index original_width updated_at was_cancelled payload amount vendor.name ocr_text 0 before"
).split()
LEAVES = st.sampled_from(
    [None, True, 0, -1, 1.5, 10**30, "", "ACME", "2024-01-31", "{}", "[", "line_added", "\ud800"]
)
ANYTHING = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(INNER), inner, max_size=4),
    max_leaves=12,
)


RAW = st.sampled_from(SHAPES).flatmap(
    lambda shape: st.fixed_dictionaries(
        dict.fromkeys(sorted(shape.keys), ANYTHING),
        optional=dict.fromkeys(sorted(OUTER - shape.keys), ANYTHING),
    )
)


def test_every_shape_has_keys_of_its_own() -> None:
    assert len({shape.keys for shape in SHAPES}) == len(SHAPES)
    assert all(shape.keys for shape in SHAPES)


@settings(max_examples=300, deadline=None)
@given(RAW)
@example({"messages": [{"role": "user", "content": 7}, {"role": "assistant", "content": "{}"}]})
@example({"data": 1, "annotations": [{"result": [{"id": 1, "value": {"labels": 7, "text": "A"}}]}]})
@example(
    {"data": {}, "annotations": [{"result": [{"value": {"x": 1, "y": 1, "width": 1, "height": 10**400}}]}]}
)
@example({"prompt": "A", "completion": {"items": [{}]}, "corrections": {f"items.{'9' * 5000}.qty": 1}})
@example({"input": "ACME", "output": {"total": 1}, "confirmed": ["vendor"], "changes": 7})
def test_any_record_is_read_or_rejected_with_a_reason(raw: dict[str, Any]) -> None:
    found = to_record(Raw(ORIGIN, json.dumps(raw)))
    assert isinstance(found, Record | Reject)
    if isinstance(found, Reject):
        assert found.reason
        assert found.message
    else:
        assert found.text.strip()
        found.truth.to_json().encode()
