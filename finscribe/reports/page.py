"""A self-contained page: one file, light and dark, no scripts, nothing from elsewhere; all text is escaped."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from html import escape

STYLE = """
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
.grid3 { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: 16px; margin-top: 16px; }
.column { display: flex; flex-direction: column; gap: 16px; min-width: 0; } .column section:last-child { flex: 1; }
.wide { grid-column: 1 / -1; }
@media (max-width: 900px) { .grid2, .grid3 { grid-template-columns: minmax(0, 1fr); } main { padding: 24px 14px; } }
.notes { background: var(--note); border: 1px solid var(--note-line); border-radius: 12px; padding: 12px 18px;
  margin-top: 16px; }
.notes p + p { margin-top: 4px; }
svg { display: block; width: 100%; height: auto; overflow: visible; }
svg text { font: 12.5px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; fill: var(--ink); }
svg .label { font-size: 12px; } svg .value { font-variant-numeric: tabular-nums; fill: var(--soft); }
svg .tick { fill: var(--soft); font-size: 11.5px; }
svg polyline[class] { fill: none; stroke-width: 2; stroke-linejoin: round; }
svg polyline.one { stroke: var(--one); } svg polyline.two { stroke: var(--two); }
svg polyline.three { stroke: var(--three); } svg polyline.warn { stroke: var(--warn); }
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
details + details { margin-top: 8px; } summary { cursor: pointer; font-size: 14px; }
pre { font: 12px/1.45 ui-monospace, "Cascadia Mono", Menlo, Consolas, monospace; white-space: pre-wrap; margin: 0;
  max-height: 460px; overflow: auto; background: var(--track); border-radius: 10px; padding: 12px 14px; }
.scroll { max-height: 460px; overflow: auto; }
table { border-collapse: collapse; width: 100%; font-size: 13.5px; }
th { text-align: left; font-weight: 600; color: var(--soft); font-size: 12.5px; position: sticky; top: 0;
  background: var(--card); }
th, td { padding: 7px 14px 7px 0; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere; }
tr:last-child td { border-bottom: 0; } td.number, th.number { text-align: right; font-variant-numeric: tabular-nums;
  white-space: nowrap; } td.name { white-space: nowrap; }
"""


def render(title: str, body: str) -> str:
    """The page of a body that is made of the pieces below."""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" '
        f'content="width=device-width, initial-scale=1"><title>{escape(title)}</title>'
        f"<style>{STYLE}</style></head><body><main>{body}</main></body></html>\n"
    )


def header(title: str, mark: str, said: str) -> str:
    """The top of a page: its title with a mark (a version, a name) and a sentence below."""
    marked = f'<h1>{escape(title)} <code style="font-size:22px">{escape(mark)}</code></h1>'
    return f'<header><div>{marked}<p class="soft">{escape(said)}</p></div></header>'


def notes(lines: Sequence[str]) -> str:
    """What is worth knowing before the figures; nothing where there is nothing."""
    said = "".join(f"<p>{escape(line)}</p>" for line in lines)
    return f'<div class="notes" role="note">{said}</div>' if lines else ""


def tiles(entries: Iterable[tuple[str, str, str]]) -> str:
    """Large figures side by side: (what it is, the figure, the class of its colour or nothing)."""
    boxes = "".join(
        f'<div class="tile"><span>{f"""<i class="{kind}"></i>""" if kind else ""}{escape(label)}</span>'
        f"<b>{escape(figure)}</b></div>"
        for label, figure, kind in entries
    )
    return f'<div class="tiles">{boxes}</div>'


def table(names: Sequence[str], rows: Iterable[Sequence[str]], numbers: Collection[str] = ()) -> str:
    """Rows under their names; the columns named in `numbers` stand to the right."""

    def cell(tag: str, name: str, text: str, place: int) -> str:
        kind = "number" if name in numbers else "name" if place == 0 else ""
        return f'<{tag} class="{kind}">{escape(text)}</{tag}>'

    head = "".join(cell("th", name, name, place) for place, name in enumerate(names))
    body = "".join(
        f"<tr>{''.join(cell('td', names[place], text, place) for place, text in enumerate(row))}</tr>"
        for row in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def legend(*entries: tuple[str, str]) -> str:
    """What the colours mean: (class, text)."""
    spans = "".join(f'<span><i class="{kind}"></i>{escape(text)}</span>' for kind, text in entries)
    return f'<div class="legend">{spans}</div>'


def column(*sections: str) -> str:
    """Sections below one another."""
    return f'<div class="column">{"".join(sections)}</div>'


def section(title: str, said: str, body: str, *, wide: bool = False) -> str:
    """A part of the page: its title, a sentence, and a body that is HTML already."""
    kind = ' class="wide"' if wide else ""
    return f'<section{kind}><h2>{escape(title)}</h2><p class="soft">{escape(said)}</p>{body}</section>'
