"""The dataset's page, `dataset.html`: the card as one self-contained page with pictures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from finscribe.reports import page
from finscribe.reports.charts import Bar, bar_chart, divided_bar, histogram

_PLACES = {
    "train": ("train", "one"),
    "val": ("val", "two"),
    "gate": ("gate", "three"),
    "duplicate": ("duplicates", "quiet"),
    "rejected": ("rejected", "warn"),
}
_VENDORS_DRAWN = 20
_BARS_DRAWN = 12
_FEW_TOKENS = ("p50", "p95")


def render_page(card: Mapping[str, Any]) -> str:
    """The page of a card; whatever a record says is escaped."""
    body = "".join(
        [
            _header(card),
            page.notes(card["notes"]),
            _tiles(card["counts"]),
            '<div class="grid2">',
            page.column(_coverage(card), _unused(card)),
            page.column(_tokens(card["tokens"]), _vendors(card["vendors"])),
            _counted("Languages", "Guessed from the words of each text.", card["languages"], "one"),
            page.column(
                _counted("Shapes", "What the records used came in.", card["shapes"], "one"),
                _counted(
                    "Normalised", "What was changed in the records, by kind.", card["normalised"], "pale"
                ),
            ),
            _warnings(card["warnings"]),
            _files(card),
            "</div>",
        ]
    )
    return page.render(f"Dataset {card['version'][:12]}", body)


def _header(card: Mapping[str, Any]) -> str:
    tool, made = card["tool"], card["created"][:16].replace("T", " ")
    said = f"prepared {made} UTC with {tool['name']} {tool['version']}, seed {card['seed']}"
    return page.header("Dataset", card["version"][:12], said)


def _tiles(counts: Mapping[str, int]) -> str:
    total = counts["input"]
    places = [
        (f"{label} · {counts[name] / max(1, total):.1%}", f"{counts[name]:,}", kind)
        for name, (label, kind) in _PLACES.items()
        if name in counts
    ]
    pieces = [(label, counts.get(name, 0), kind) for name, (label, kind) in _PLACES.items()]
    tiles = page.tiles([("records read", f"{total:,}", ""), *places])
    return tiles + divided_bar(pieces, "where the records ended")


def _coverage(card: Mapping[str, Any]) -> str:
    used = max(1, sum(card["counts"].get(part, 0) for part in ("train", "val", "gate")))
    rows = []
    for path, counts in card["fields"].items():
        known, affected = counts["known"], counts["affected"]
        hint = f"{path}: known in {known:,} records; {counts['not_learnable']:,} values of {affected:,} not printed"
        lost = counts["partial"]
        rows.append(
            Bar(
                path,
                [(known - affected, "one"), (affected, "warn")],
                f"{known / used:.0%}" if known else "–",
                hint + (f"; {lost:,} values in lines of which others do not know the cell" if lost else ""),
            )
        )
    legend = page.legend(
        ("one", "known and printed"), ("warn", "has values that are not printed, so not learnable")
    )
    chart = bar_chart(rows, "field coverage", used)
    return page.section(
        "Field coverage", "Share of the records used whose truth knows a value.", chart + legend
    )


def _tokens(tokens: Mapping[str, Any] | None) -> str:
    if tokens is None:
        return page.section("Token lengths", "Not counted: no tokenizer was given.", "")
    bins, limit = tokens["histogram"], tokens["max_seq_length"]
    marks = [(name, tokens["percentiles"][name]) for name in _FEW_TOKENS]
    if limit and limit <= bins["edges"][-1]:
        marks.append(("limit", limit))
    said = f"Prompt and answer. Longest {tokens['percentiles']['p100']:,}"
    said += f"; {tokens['too_long']:,} over the limit of {limit:,}." if limit else "."
    chart = histogram(
        bins["edges"],
        bins["records"],
        "token lengths",
        unit="tokens",
        counted="records",
        limit=limit,
        marks=marks,
    )
    return page.section("Token lengths", said, chart)


def _vendors(vendors: Mapping[str, Any]) -> str:
    shown = vendors["largest"][:_VENDORS_DRAWN]
    rows = [_vendor(row) for row in shown]
    parts = dict.fromkeys(row["part"] for row in shown)
    legend = page.legend(*((_PLACES[part][1], part) for part in _PLACES if part in parts))
    said = f"{vendors['families']:,} families, each in one part; the largest of them."
    return page.section("Vendors", said, bar_chart(rows, "largest vendor families") + legend)


def _vendor(row: Mapping[str, Any]) -> Bar:
    count, part = row["records"], row["part"]
    return Bar(
        row["family"], [(count, _PLACES[part][1])], f"{count:,}", f"{row['family']}: {count:,} in {part}"
    )


def _unused(card: Mapping[str, Any]) -> str:
    rows = [Bar(reason, [(count, "warn")], f"{count:,}") for reason, count in card["rejects"].items()]
    rows += [Bar(reason, [(count, "quiet")], f"{count:,}") for reason, count in card["duplicates"].items()]
    kinds = (("warn", "rejected"), ("quiet", "duplicates"))
    present = (card["rejects"], card["duplicates"])
    legend = page.legend(*(kind for kind, counts in zip(kinds, present, strict=True) if counts))
    body = bar_chart(rows, "what was not used and why") + legend if rows else "<p>Everything was used.</p>"
    return page.section(
        "Not used, and why", "Rejected records are in the rejects file with a sentence each.", body
    )


def _counted(title: str, said: str, counts: Mapping[str, int], kind: str) -> str:
    rows = [Bar(name, [(count, kind)], f"{count:,}") for name, count in list(counts.items())[:_BARS_DRAWN]]
    return page.section(title, said, bar_chart(rows, title) if rows else "<p>Nothing.</p>")


def _warnings(warnings: Mapping[str, Any]) -> str:
    if not warnings["counts"]:
        return page.section("Warnings", "What a reviewer would object to.", "<p>None.</p>", wide=True)
    rows = [
        Bar(code, [(count, "warn")], f"{count:,}", f"{warnings['meaning'][code]}: {count:,}")
        for code, count in warnings["counts"].items()
    ]
    table = page.table(
        ("kind", "record", "what"),
        ((entry["code"], entry["record"], entry["message"]) for entry in warnings["worst"]),
    )
    total = sum(warnings["counts"].values())
    said = f"{total:,} objections, the worst first; {len(warnings['worst']):,} are listed."
    chart = f'<div style="max-width:640px;margin-bottom:18px">{bar_chart(rows, "warnings by kind")}</div>'
    return page.section("Warnings", said, f'{chart}<div class="scroll">{table}</div>', wide=True)


def _files(card: Mapping[str, Any]) -> str:
    rows = [(part, file) for part, file in card["files"].items()] + [
        ("source", file) for file in card["sources"]
    ]
    table = page.table(
        ("", "file", "SHA-256", "records"),
        ((part, file["path"], (file["sha256"] or "–")[:16], f"{file['records']:,}") for part, file in rows),
        numbers=("records",),
    )
    said = f"Version {card['version']}: the hash of what train, val and gate hold."
    return page.section("Files", said, f'<div class="scroll">{table}</div>', wide=True)
