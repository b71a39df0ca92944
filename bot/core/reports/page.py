"""A report as one HTML page that needs nothing else: light and dark, for a screen, a phone and paper."""

import html
import re
from collections.abc import Mapping, Sequence

from bot.core.reports.figures import KEY, Chart, Part, Report, Unit, said
from bot.core.reports.plots import svg

STYLE = """
:root { color-scheme: light dark; --ink: #1d2733; --soft: #5a6673; --paper: #fff; --line: #d5dbe3; --warn: #8a4b00;
  --link: #1f5c99; --c0: #2f6fb2; --c1: #e0912f; --c2: #3f9560; --c3: #a0528f }
@media (prefers-color-scheme: dark) { :root { --ink: #e4e9ef; --soft: #9aa6b3; --paper: #14191f; --line: #343d48;
  --warn: #f0b058; --link: #8fc1f5; --c0: #6aa8e6; --c1: #f0b058; --c2: #6fc491; --c3: #cf8ac0 } }
@media print { :root { color-scheme: light; --ink: #000; --soft: #444; --paper: #fff; --line: #bbb; --warn: #000;
  --link: #000; --c0: #2f6fb2; --c1: #e0912f; --c2: #3f9560; --c3: #a0528f } }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 58rem; margin: 2rem auto; padding: 0 1rem;
  color: var(--ink); background: var(--paper) }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 } h2 { font-size: 1.15rem; margin: 2.2rem 0 .4rem }
a { color: var(--link) } nav { font-size: .85rem } nav a { white-space: nowrap; margin-right: .9rem; line-height: 2 }
table { border-collapse: collapse; width: 100%; font-size: .92rem }
th, td { text-align: left; padding: .25rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top }
thead th { color: var(--soft); font-weight: 600; vertical-align: bottom } tbody th { font-weight: 400; min-width: 8rem }
.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap }
th.n { white-space: normal } .key { white-space: nowrap; min-width: 0 }
.how { color: var(--soft); font-size: .85rem; margin: .4rem 0 }
.note { font-size: .92rem; margin: .4rem 0 } .small { color: var(--warn); font-weight: 600 }
.wide { overflow-x: auto; background: linear-gradient(to left, var(--paper) 40%, transparent) right/3rem 100% no-repeat local,
  linear-gradient(to left, var(--line), transparent) right/.7rem 100% no-repeat scroll }
.wide th:first-child { position: sticky; left: 0; background: var(--paper) } ul.sum { padding-left: 1.2rem }
details { font-size: .85rem; margin: .4rem 0 } summary { color: var(--soft); cursor: pointer; padding: .3rem 0 }
svg { width: 100%; min-width: 32rem; height: auto; margin-top: .6rem } .grid { stroke: var(--line) }
.tick, .axis { fill: var(--soft); font: 11px system-ui, sans-serif }
.s0 { fill: var(--c0) } .s1 { fill: var(--c1) } .s2 { fill: var(--c2) } .s3 { fill: var(--c3) }
polyline { fill: none; stroke-width: 2 } .l0 { stroke: var(--c0) } .l1 { stroke: var(--c1) }
.l2 { stroke: var(--c2) } .l3 { stroke: var(--c3) }
@media (max-width: 40rem) { body { margin: 1rem auto } h1 { font-size: 1.3rem } th, td { padding: .25rem .4rem } }
@media print { body { margin: 0; max-width: none; font-size: 11pt } section { break-inside: avoid }
  nav, details { display: none } .wide { overflow: visible } svg { min-width: 0 } a { text-decoration: none } }
"""


def page(report: Report) -> str:
    title = html.escape(f"Ownership report: {report.title}")
    body = "\n".join(_section(part, report.links) for part in report.parts)
    lines = "".join(f"<li>{_linked(line, report.links)}</li>" for line in report.summary)
    places = " ".join(
        f'<a href="#{html.escape(part.id)}">{html.escape(part.title)}</a>' for part in report.parts
    )
    span = f"{report.start:%Y-%m-%d} to {report.end:%Y-%m-%d %H:%M} UTC"
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{STYLE}</style></head><body><main>\n"
        f'<h1>{title}</h1>\n<p class="how">{html.escape(span)}. Private incidents and tests count nowhere.</p>\n'
        f'<ul class="sum">{lines}</ul>\n<nav aria-label="Tables">{places}</nav>\n{body}\n</main></body></html>\n'
    )


def _linked(text: str, links: Mapping[str, str]) -> str:
    """Words with each key as a link to what it names, as far as that is known."""

    def anchor(key: str) -> str:
        return f'<a href="{html.escape(links[key])}">{html.escape(key)}</a>' if key in links else key

    return KEY.sub(lambda found: anchor(found[0]), html.escape(text))


def _typed(text: str) -> str:
    """Words in which what is to be typed stands in backticks."""
    return re.sub("`([^`]+)`", r"<code>\1</code>", html.escape(text))


def _section(part: Part, links: Mapping[str, str]) -> str:
    numbers = [column.unit is not Unit.WORDS for column in part.columns]
    rows = [said(part.columns, row) for row in part.rows]
    table = _table(part.title, [column.label for column in part.columns], rows, numbers, links)
    picture = _picture(part.chart) if part.chart and part.chart.has_values else ""
    notes = "".join(f'<p class="note">{html.escape(note)}</p>' for note in part.notes)
    small = ' class="small"' if part.is_small else ""
    return (
        f'<section id="{html.escape(part.id)}"><h2>{html.escape(part.title)}</h2>{table}{picture}{notes}'
        f'<p class="how"><span{small}>{html.escape(part.basis)}</span> {_typed(part.how)}</p></section>'
    )


def _picture(chart: Chart) -> str:
    """The plot, and its figures as a table for those who want to read them."""
    rows = [
        [label, *("–" if value is None else f"{value:g}" for value in values)]
        for label, *values in zip(chart.labels, *chart.series.values(), strict=True)
    ]
    head = [f"{chart.x[:1].upper()}{chart.x[1:]}", *(f"{name}, {chart.y}" for name in chart.series)]
    figures = _table(chart.title, head, rows, [False, *(True for _ in chart.series)], {})
    return (
        f'<div class="wide" role="region" tabindex="0" aria-label="{html.escape(chart.title)}, plot">{svg(chart)}</div>'
        f"<details><summary>{html.escape(chart.title)}, as a table</summary>{figures}</details>"
    )


def _table(
    title: str, head: Sequence[str], rows: Sequence[Sequence[str]], numbers: Sequence[bool], links: Mapping[str, str]
) -> str:  # fmt: skip
    """One that scrolls sideways by itself where a screen is narrow; the first cell of a row is what it is about."""
    marks = [' class="n"' if is_number else "" for is_number in numbers]
    heads = "".join(
        f'<th scope="col"{mark}>{html.escape(cell)}</th>' for cell, mark in zip(head, marks, strict=True)
    )

    def line(row: Sequence[str]) -> str:
        first, *others = row
        key = ' class="key"' if KEY.fullmatch(first) else ""
        cells = "".join(
            f"<td{mark}>{_linked(cell, links)}</td>" for cell, mark in zip(others, marks[1:], strict=True)
        )
        return f'<tr><th scope="row"{key}>{_linked(first, links)}</th>{cells}</tr>'

    return (
        f'<div class="wide" role="region" tabindex="0" aria-label="{html.escape(title)}, table"><table>'
        f"<thead><tr>{heads}</tr></thead><tbody>{''.join(map(line, rows))}</tbody></table></div>"
    )
