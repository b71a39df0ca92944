"""A report as one HTML page that needs nothing else: light and dark, and fit to be printed."""

import html

from bot.core.reports.figures import Part, Report, Unit, said
from bot.core.reports.plots import svg

STYLE = """
:root { color-scheme: light dark; --ink: #1d2733; --soft: #5a6673; --paper: #fff; --line: #d5dbe3;
  --c0: #2f6fb2; --c1: #e0912f; --c2: #3f9560; --c3: #a0528f }
@media (prefers-color-scheme: dark) { :root { --ink: #e4e9ef; --soft: #9aa6b3; --paper: #14191f; --line: #343d48;
  --c0: #6aa8e6; --c1: #f0b058; --c2: #6fc491; --c3: #cf8ac0 } }
@media print { :root { color-scheme: light; --ink: #000; --soft: #444; --paper: #fff; --line: #bbb } }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 58rem; margin: 2rem auto; padding: 0 1rem;
  color: var(--ink); background: var(--paper) }
h1 { font-size: 1.6rem; margin: 0 } h2 { font-size: 1.15rem; margin: 2.2rem 0 .4rem }
table { border-collapse: collapse; width: 100%; font-size: .92rem }
th, td { text-align: left; padding: .25rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top }
th { color: var(--soft); font-weight: 600 }
.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap }
th.n { white-space: normal }
.how { color: var(--soft); font-size: .85rem; margin: .4rem 0 } .small { color: var(--c1); font-weight: 600 }
.wide { overflow-x: auto } ul.sum { padding-left: 1.2rem }
svg { width: 100%; min-width: 36rem; height: auto; margin-top: .6rem } .grid { stroke: var(--line) }
.tick, .axis { fill: var(--soft); font: 11px system-ui, sans-serif }
.s0 { fill: var(--c0) } .s1 { fill: var(--c1) } .s2 { fill: var(--c2) } .s3 { fill: var(--c3) }
polyline { fill: none; stroke-width: 2 } .l0 { stroke: var(--c0) } .l1 { stroke: var(--c1) }
.l2 { stroke: var(--c2) } .l3 { stroke: var(--c3) }
@media print { body { margin: 0; max-width: none; font-size: 11pt } section { break-inside: avoid } }
"""


def page(report: Report) -> str:
    title = html.escape(f"Ownership report: {report.title}")
    body = "\n".join(_section(part) for part in report.parts)
    lines = "".join(f"<li>{html.escape(line)}</li>" for line in report.summary)
    span = f"{report.start:%Y-%m-%d} to {report.end:%Y-%m-%d %H:%M} UTC"
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{title}</title><style>{STYLE}</style></head><body>\n"
        f'<h1>{title}</h1>\n<p class="how">{html.escape(span)}. Private incidents and tests count nowhere.</p>\n'
        f'<ul class="sum">{lines}</ul>\n{body}\n</body></html>\n'
    )


def _section(part: Part) -> str:
    numbers = [' class="n"' if column.unit is not Unit.WORDS else "" for column in part.columns]
    heads = zip(part.columns, numbers, strict=True)
    head = "".join(f"<th{mark}>{html.escape(column.label)}</th>" for column, mark in heads)
    rows = "".join(
        "<tr>"
        + "".join(
            f"<td{mark}>{html.escape(cell)}</td>"
            for cell, mark in zip(said(part.columns, row), numbers, strict=True)
        )
        + "</tr>"
        for row in part.rows
    )
    picture = f'<div class="wide">{svg(part.chart)}</div>' if part.chart and part.chart.has_values else ""
    notes = "".join(f"<p>{html.escape(note)}</p>" for note in part.notes)
    small = ' class="small"' if part.is_small else ""
    return (
        f'<section id="{html.escape(part.id)}"><h2>{html.escape(part.title)}</h2>'
        f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>{picture}{notes}'
        f'<p class="how"><span{small}>{html.escape(part.basis)}</span> {html.escape(part.how)}</p></section>'
    )
