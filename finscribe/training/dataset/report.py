"""The dataset's page, `dataset.html`: the card as one self-contained page with pictures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from finscribe.training.charts import Bar, bar_chart, divided_bar, histogram

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

_STYLE = """
:root { color-scheme: light dark; --page: #f6f6f4; --card: #fff; --line: #e4e3df; --ink: #16181d; --soft: #5d626c;
  --track: #f0efec; --one: #2a6fd6; --two: #12a378; --three: #7a55d8; --warn: #dd4b45; --quiet: #a4a8b0;
  --pale: #a9c6ef; --note: #fff6dd; --note-line: #efd78f; }
@media (prefers-color-scheme: dark) { :root { --page: #121418; --card: #1a1d23; --line: #2c3038; --ink: #edeef1;
  --soft: #a0a6b1; --track: #242830; --one: #5b9bf0; --two: #2cbf92; --three: #a58bf0; --warn: #f0716b;
  --quiet: #6d737f; --pale: #34537f; --note: #2e2814; --note-line: #5f5122; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); line-height: 1.45;
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
main { max-width: 1240px; margin: 0 auto; padding: 40px 24px 64px; }
h1 { font-size: 28px; letter-spacing: -.02em; margin: 0; }
h2 { font-size: 16px; margin: 0 0 2px; letter-spacing: -.005em; }
p { margin: 0; } .soft { color: var(--soft); font-size: 13.5px; }
code { font: 12.5px ui-monospace, "Cascadia Mono", Menlo, Consolas, monospace; overflow-wrap: anywhere; }
header { display: flex; flex-wrap: wrap; gap: 8px 32px; align-items: baseline; justify-content: space-between; }
section, .tile { background: var(--card); border: 1px solid var(--line); border-radius: 14px; }
section { padding: 20px 22px 22px; min-width: 0; } section > .soft { margin-bottom: 14px; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(140px, 1fr)); gap: 12px; margin: 26px 0 14px; }
.tile { padding: 14px 18px 15px; } .tile b { display: block; font-size: 27px; font-weight: 650; letter-spacing: -.02em;
  font-variant-numeric: tabular-nums; line-height: 1.2; }
.tile span { color: var(--soft); font-size: 13.5px; display: flex; align-items: center; gap: 7px; }
i { width: 10px; height: 10px; border-radius: 3px; display: inline-block; flex: none; }
.grid2 { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 16px; margin-top: 16px; }
.column { display: flex; flex-direction: column; gap: 16px; min-width: 0; } .column section:last-child { flex: 1; }
.wide { grid-column: 1 / -1; }
@media (max-width: 900px) { .grid2 { grid-template-columns: minmax(0, 1fr); } main { padding: 24px 14px; } }
.notes { background: var(--note); border: 1px solid var(--note-line); border-radius: 12px; padding: 12px 18px;
  margin-top: 16px; }
.notes p + p { margin-top: 4px; }
svg { display: block; width: 100%; height: auto; overflow: visible; }
svg text { font: 12.5px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; fill: var(--ink); }
svg .label { font-size: 12px; } svg .value { font-variant-numeric: tabular-nums; fill: var(--soft); }
svg .tick { fill: var(--soft); font-size: 11.5px; }
svg .grid { stroke: var(--line); } svg .mark { stroke: var(--soft); stroke-dasharray: 3 3; }
svg .track { fill: var(--track); }
svg .one, i.one { fill: var(--one); background: var(--one); }
svg .two, i.two { fill: var(--two); background: var(--two); }
svg .three, i.three { fill: var(--three); background: var(--three); }
svg .warn, i.warn { fill: var(--warn); background: var(--warn); }
svg .quiet, i.quiet { fill: var(--quiet); background: var(--quiet); }
svg .pale, i.pale { fill: var(--pale); background: var(--pale); }
.legend { display: flex; flex-wrap: wrap; gap: 4px 18px; margin: 12px 0 0; } .legend span { display: flex; gap: 7px;
  align-items: center; font-size: 13px; color: var(--soft); }
.scroll { max-height: 460px; overflow: auto; }
table { border-collapse: collapse; width: 100%; font-size: 13.5px; }
th { text-align: left; font-weight: 600; color: var(--soft); font-size: 12.5px; position: sticky; top: 0;
  background: var(--card); }
th, td { padding: 7px 14px 7px 0; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere; }
tr:last-child td { border-bottom: 0; } td.number, th.number { text-align: right; font-variant-numeric: tabular-nums;
  white-space: nowrap; } td.name { white-space: nowrap; }
"""


def render_page(card: Mapping[str, Any]) -> str:
    """The page of a card; whatever a record says is escaped."""
    body = "".join(
        [
            _header(card),
            _notes(card["notes"]),
            _tiles(card["counts"]),
            '<div class="grid2">',
            _column(_coverage(card), _unused(card)),
            _column(_tokens(card["tokens"]), _vendors(card["vendors"])),
            _counted("Languages", "Guessed from the words of each text.", card["languages"], "one"),
            _counted(
                "Normalised", "What reading the records changed in them, by kind.", card["normalised"], "pale"
            ),
            _warnings(card["warnings"]),
            _files(card),
            "</div>",
        ]
    )
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" '
        f'content="width=device-width, initial-scale=1"><title>Dataset {escape(card["version"][:12])}</title>'
        f"<style>{_STYLE}</style></head><body><main>{body}</main></body></html>\n"
    )


def _header(card: Mapping[str, Any]) -> str:
    tool = f"{card['tool']['name']} {card['tool']['version']}"
    return (
        f'<header><div><h1>Dataset <code style="font-size:22px">{escape(card["version"][:12])}</code></h1>'
        f'<p class="soft">prepared {escape(card["created"][:16].replace("T", " "))} UTC with {escape(tool)}, '
        f"seed {card['seed']}</p></div></header>"
    )


def _notes(notes: Sequence[str]) -> str:
    lines = "".join(f"<p>{escape(note)}</p>" for note in notes)
    return f'<div class="notes" role="note">{lines}</div>' if notes else ""


def _tiles(counts: Mapping[str, int]) -> str:
    total = counts["input"]
    tiles = f'<div class="tile"><span>records read</span><b>{total:,}</b></div>'
    for name, (label, kind) in _PLACES.items():
        if name in counts:
            share = f"{counts[name] / max(1, total):.1%}"
            said = f'<span><i class="{kind}"></i>{label} · {share}</span>'
            tiles += f'<div class="tile">{said}<b>{counts[name]:,}</b></div>'
    pieces = [(label, counts.get(name, 0), kind) for name, (label, kind) in _PLACES.items()]
    return f'<div class="tiles">{tiles}</div>{divided_bar(pieces, "where the records ended")}'


def _coverage(card: Mapping[str, Any]) -> str:
    used = max(1, sum(card["counts"].get(part, 0) for part in ("train", "val", "gate")))
    rows = []
    for path, counts in card["fields"].items():
        known, missing = counts["known"], min(counts["not_learnable"], counts["known"])
        hint = f"{path}: known in {known:,} records; {counts['not_learnable']:,} values not printed"
        lost = counts["partial"]
        rows.append(
            Bar(
                path,
                [(known - missing, "one"), (missing, "warn")],
                f"{known / used:.0%}" if known else "–",
                hint + (f"; {lost:,} values in lines of which others do not know the cell" if lost else ""),
            )
        )
    legend = _legend(("one", "known and printed"), ("warn", "known but not printed, so not learnable"))
    chart = bar_chart(rows, "field coverage", used)
    return _section("Field coverage", "Share of the records used whose truth knows a value.", chart + legend)


def _tokens(tokens: Mapping[str, Any] | None) -> str:
    if tokens is None:
        return _section("Token lengths", "Not counted: no tokenizer was given.", "")
    bins, limit = tokens["histogram"], tokens["max_seq_length"]
    marks = [(name, tokens["percentiles"][name]) for name in _FEW_TOKENS]
    if limit and limit <= bins["edges"][-1]:
        marks.append(("limit", limit))
    said = f"Prompt and answer. Longest {tokens['percentiles']['p100']:,}"
    said += f"; {tokens['too_long']:,} over the limit of {limit:,}." if limit else "."
    return _section(
        "Token lengths", said, histogram(bins["edges"], bins["records"], "token lengths", limit, marks)
    )


def _vendors(vendors: Mapping[str, Any]) -> str:
    shown = vendors["largest"][:_VENDORS_DRAWN]
    rows = [_vendor(row) for row in shown]
    parts = dict.fromkeys(row["part"] for row in shown)
    legend = _legend(*((_PLACES[part][1], part) for part in _PLACES if part in parts))
    said = f"{vendors['families']:,} families, each in one part; the largest of them."
    return _section("Vendors", said, bar_chart(rows, "largest vendor families") + legend)


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
    legend = _legend(*(kind for kind, counts in zip(kinds, present, strict=True) if counts))
    body = bar_chart(rows, "what was not used and why") + legend if rows else "<p>Everything was used.</p>"
    return _section(
        "Not used, and why", "Rejected records are in the rejects file with a sentence each.", body
    )


def _counted(title: str, said: str, counts: Mapping[str, int], kind: str) -> str:
    rows = [Bar(name, [(count, kind)], f"{count:,}") for name, count in list(counts.items())[:_BARS_DRAWN]]
    return _section(title, said, bar_chart(rows, title) if rows else "<p>Nothing.</p>")


def _warnings(warnings: Mapping[str, Any]) -> str:
    if not warnings["counts"]:
        return _section("Warnings", "What a reviewer would object to.", "<p>None.</p>", wide=True)
    rows = [
        Bar(code, [(count, "warn")], f"{count:,}", f"{warnings['meaning'][code]}: {count:,}")
        for code, count in warnings["counts"].items()
    ]
    table = _table(
        ("kind", "record", "what"),
        ((entry["code"], entry["record"], entry["message"]) for entry in warnings["worst"]),
    )
    total = sum(warnings["counts"].values())
    said = f"{total:,} objections, the worst first; {len(warnings['worst']):,} are listed."
    chart = f'<div style="max-width:640px;margin-bottom:18px">{bar_chart(rows, "warnings by kind")}</div>'
    return _section("Warnings", said, f'{chart}<div class="scroll">{table}</div>', wide=True)


def _files(card: Mapping[str, Any]) -> str:
    rows = [(part, file) for part, file in card["files"].items()] + [
        ("source", file) for file in card["sources"]
    ]
    table = _table(
        ("", "file", "SHA-256", "records"),
        ((part, file["path"], (file["sha256"] or "–")[:16], f"{file['records']:,}") for part, file in rows),
    )
    said = f"Version {card['version']}: the hash of what train, val and gate hold."
    return _section("Files", said, f'<div class="scroll">{table}</div>', wide=True)


def _table(names: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    def cell(tag: str, name: str, text: str, place: int) -> str:
        kind = "number" if name == "records" else "name" if place == 0 else ""
        return f'<{tag} class="{kind}">{escape(text)}</{tag}>'

    head = "".join(cell("th", name, name, place) for place, name in enumerate(names))
    body = "".join(
        f"<tr>{''.join(cell('td', names[place], text, place) for place, text in enumerate(row))}</tr>"
        for row in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _legend(*entries: tuple[str, str]) -> str:
    spans = "".join(f'<span><i class="{kind}"></i>{escape(text)}</span>' for kind, text in entries)
    return f'<div class="legend">{spans}</div>'


def _column(*sections: str) -> str:
    return f'<div class="column">{"".join(sections)}</div>'


def _section(title: str, said: str, body: str, *, wide: bool = False) -> str:
    kind = ' class="wide"' if wide else ""
    return f'<section{kind}><h2>{escape(title)}</h2><p class="soft">{escape(said)}</p>{body}</section>'
