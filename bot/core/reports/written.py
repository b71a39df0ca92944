"""A report as text, as JSON and as CSV."""

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from bot.core.reports.figures import Cell, Chart, Column, Part, Report, Unit, said

_BARS = "▁▂▃▄▅▆▇█"


def as_text(report: Report) -> list[str]:
    """Lines for a terminal."""
    lines = [report.title, *(f"  {line}" for line in report.summary)]
    for part in report.parts:
        lines += ["", part.title, *(f"  {line}" for line in table(part.columns, part.rows))]
        if part.chart and part.chart.has_values:
            lines += [f"  {line}" for line in sparks(part.chart)]
        lines += [f"  {note}" for note in part.notes]
        lines.append(f"  {part.basis} {part.how}")
    return lines


def table(columns: Sequence[Column], rows: Sequence[Sequence[Cell]]) -> list[str]:
    """Columns of equal width, words to the left and numbers to the right."""
    cells = [[column.label for column in columns], *(said(columns, row) for row in rows)]
    widths = [max(len(row[n]) for row in cells) for n in range(len(columns))]
    left = [column.unit is Unit.WORDS for column in columns]

    def line(row: Sequence[str]) -> str:
        padded = (
            cell.ljust(width) if is_left else cell.rjust(width)
            for cell, width, is_left in zip(row, widths, left, strict=True)
        )
        return "  ".join(padded).rstrip()

    return [line(row) for row in cells]


def sparks(chart: Chart) -> list[str]:
    """A chart in one line for each series: its lowest bar is 0, its highest the most of all series."""
    most = max((value or 0 for values in chart.series.values() for value in values), default=0) or 1
    width = max(map(len, chart.series))
    lines = []
    for name, values in chart.series.items():
        bars = "".join(_BARS[round((value or 0) / most * (len(_BARS) - 1))] for value in values)
        lines.append(f"{name.ljust(width)} {bars}  at most {max(value or 0 for value in values):.3g}")
    first, last = chart.labels[0], chart.labels[-1]
    return [f"{chart.title}, {first} to {last}:", *lines]


def iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def as_json(report: Report) -> dict[str, Any]:
    """`rows` hold a value for each column by its id: times in seconds, shares from 0 to 1, null where nobody knows."""
    return {
        "team": report.team or None,
        "name": report.name,
        "from": iso(report.start),
        "to": iso(report.end),
        "weeks": report.weeks,
        "incidents": report.incidents,
        "summary": list(report.summary),
        "parts": [_part(part) for part in report.parts],
    }


def _part(part: Part) -> dict[str, Any]:
    chart = part.chart
    return {
        "id": part.id,
        "title": part.title,
        "how": part.how,
        "of": part.of,
        "known": part.known,
        "things": part.things,
        "small": part.is_small,
        "columns": [
            {"id": column.id, "label": column.label, "unit": column.unit.value} for column in part.columns
        ],
        "rows": [
            {column.id: cell for column, cell in zip(part.columns, row, strict=True)} for row in part.rows
        ],
        "notes": list(part.notes),
        "chart": chart
        and {
            "title": chart.title,
            "y": chart.y,
            "labels": list(chart.labels),
            "series": {name: list(values) for name, values in chart.series.items()},
        },
    }


def as_csv(report: Report) -> str:
    """One line for each figure: `row` is what its row is called by its words; `known` of `of` had what it needs."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("team", "from", "to", "part", "row", "figure", "value", "unit", "known", "of"))
    head = (report.team or "all", iso(report.start), iso(report.end))
    for part in report.parts:
        for name, column, cell in _figures(part):
            value = "" if cell is None else cell
            writer.writerow((*head, part.id, name, column.id, value, column.unit.value, part.known, part.of))
    return out.getvalue()


def _figures(part: Part) -> Iterator[tuple[str, Column, Cell]]:
    for row in part.rows:
        pairs = list(zip(part.columns, row, strict=True))
        name = " · ".join(str(cell) for column, cell in pairs if column.unit is Unit.WORDS)
        yield from (
            (_harmless(name), column, cell) for column, cell in pairs if column.unit is not Unit.WORDS
        )


def _harmless(words: str) -> str:
    """Words of people that a spreadsheet would take for a formula stay words."""
    return f"'{words}" if words.startswith(("=", "+", "-", "@", "\t", "\r")) else words
