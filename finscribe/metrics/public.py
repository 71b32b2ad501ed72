"""Scores as the public data sets define them, so that figures can be held against papers.

SROIE (Huang et al., ICDAR 2019, task 3) and CORD as Donut scores it (Kim et al., ECCV 2022). Both compare what the
truth knows, exactly: numbers as they are written in plain decimals, dates in ISO 8601.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeAlias

from finscribe.invoice import HEADER_FIELDS, LINES, Invoice, Truth, Value
from finscribe.metrics.lines import asked_cells
from finscribe.metrics.pairs import Answer, pair_up
from finscribe.metrics.scores import Score, count

SROIE_ENTITIES = ("vendor.name", "vendor.address", "invoice_date", "financial_summary.grand_total")
"""Company, address, date and total."""

Parse: TypeAlias = "Mapping[str, Parse] | Sequence[Parse] | str"
"""A document as Donut sees it: nested keys, lists of lines, and text at the ends."""


def sroie_score(prediction: Answer, truth: Truth) -> Score:
    """SROIE's entities of one document, right where the strings are the same; add up, then take the F1."""
    entities = {path: truth.values[path] for path in SROIE_ENTITIES if path in truth.values}
    return count(pair_up(prediction, Truth(entities), "exact"), Truth(entities)).micro


def cord_score(prediction: Answer, truth: Truth) -> Score:
    """Donut's field score of one document: (key, value) pairs as a bag, whichever line they stand in.

    Add up over the documents, then take the F1.
    """
    given, known = (_pairs(each) for each in _parses(prediction, truth))
    hits = (given & known).total()
    predicted, support = given.total(), known.total()
    return Score(hits, predicted, support, predicted + support - hits)


def tree_accuracy(prediction: Answer, truth: Truth) -> float | None:
    """Donut's tree-edit accuracy of one document, 0 to 1; None where the truth has no value.

    1 - (distance from answer to truth) / (cost of building the truth from nothing), not below 0, with the tree edit
    distance of Zhang and Shasha, computed by APTED (Pawlik and Augsten 2016). A key costs 1, a text its length.
    """
    given, known = (_tree("", each) for each in _parses(prediction, truth))
    whole = sum(map(_cost, _below(known)))
    if not whole:
        return None
    return 1.0 if given == known else max(0.0, 1 - _distance(given, known) / whole)


def tree_size(truth: Truth) -> int:
    """How many nodes a truth has as a tree; the time of `tree_accuracy` grows faster than their square."""
    return len(_below(_tree("", _parse(truth, truth))))


# --- parses ------------------------------------------------------------------------------------------


def _parses(prediction: Answer, truth: Truth) -> tuple[Parse, Parse]:
    answer = Truth.of(prediction) if isinstance(prediction, Invoice) else prediction or Truth({})
    return _parse(answer, truth), _parse(truth, truth)


def _parse(said: Truth, truth: Truth) -> Parse:
    """The values of the fields that the truth knows, nested, without those that are empty."""
    nested: dict[str, Any] = {}
    for path in HEADER_FIELDS:
        if path in truth.values and said.values.get(path) not in (None, ""):
            block, _, name = path.rpartition(".")
            (nested.setdefault(block, {}) if block else nested)[name] = _written(said.values[path])
    if truth.lines is not None:
        cells = asked_cells(truth.lines)
        lines = [
            {cell: _written(line[cell]) for cell in cells if line.get(cell) not in (None, "")}
            for line in said.lines or ()
        ]
        nested |= {LINES: filled} if (filled := [line for line in lines if line]) else {}
    return nested


def _written(value: Value) -> str:
    """A value as a text: numbers in plain decimals, so that 28000.0 is 28000."""
    if not isinstance(value, Decimal):
        return str(value).strip()
    return format(value.normalize(), "f")


def _pairs(parse: Parse, path: str = "") -> Counter[tuple[str, str]]:
    if isinstance(parse, str):
        return Counter([(path, parse)])
    if isinstance(parse, Mapping):
        return sum((_pairs(inner, f"{path}.{name}") for name, inner in parse.items()), Counter())
    return sum((_pairs(inner, path) for inner in parse), Counter())


# --- trees -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Node:
    """A key with what it holds, or a text (`leaf`)."""

    label: str
    children: tuple[Node, ...] = ()
    leaf: bool = False


def _tree(label: str, parse: Parse) -> Node:
    """Keys in Donut's order: the shortest first, then by the alphabet."""
    if isinstance(parse, str):
        return Node(label, (Node(parse, leaf=True),))
    if isinstance(parse, Mapping):
        names = sorted(parse, key=lambda name: (len(name), name))
        return Node(label, tuple(_tree(name, parse[name]) for name in names))
    return Node(label, tuple(_tree("", line) for line in parse))


def _below(node: Node) -> list[Node]:
    return [found for child in node.children for found in (child, *_below(child))]


def _cost(node: Node) -> int:
    return len(node.label) if node.leaf else 1


def _renaming(one: Node, other: Node) -> int:
    from rapidfuzz.distance import Levenshtein

    if one.leaf and other.leaf:
        return Levenshtein.distance(one.label, other.label)
    if one.leaf or other.leaf:
        return 1 + len(one.label if one.leaf else other.label)
    return int(one.label != other.label)


class _Costs:
    """What APTED asks: the children of a node, and what each edit costs."""

    valuecls = int

    def children(self, node: Node) -> Sequence[Node]:
        return node.children

    def delete(self, node: Node) -> int:
        return _cost(node)

    def insert(self, node: Node) -> int:
        return _cost(node)

    def rename(self, one: Node, other: Node) -> int:
        return _renaming(one, other)


def _distance(one: Node, other: Node) -> int:
    from apted import APTED

    return int(APTED(one, other, _Costs()).compute_edit_distance())
