"""Reports and digests as Slack shows them: a few sentences, one chart, one table, and the gist of the other tables."""

from collections.abc import Mapping, Sequence

from slackblocks import (
    AxisConfig,
    BarChart,
    Block,
    DataPoint,
    DataSeries,
    DataVisualizationBlock,
    LineChart,
    RawText,
    RichTextObject,
    TableBlock,
)

from bot.core.digests import Digest
from bot.core.reports.figures import KEY, Chart, Column, Part, Report, said
from bot.slack.kit import Message, context, link, message, section, sections
from bot.slack.text import cut, escape

PARTS_SHOWN = {
    "heaviest": 3, "owners": 7, "times": 3, "support": 9, "stopping": 5, "detection": 4, "recurrences": 5, "guides": 3,
}  # fmt: skip
"""Tables whose gist stands in a message, with so many rows of each; `writeback report` has all of them."""

ROWS = 40
"""Of a table: Slack takes 100 of them, with 10,000 characters in all.

https://docs.slack.dev/reference/block-kit/blocks/table-block
"""


def chart(drawn: Chart) -> Block:
    """Slack's own chart: at most 20 points, labels and names of at most 20 characters.

    https://docs.slack.dev/reference/block-kit/blocks/data-visualization-block
    """
    series = [
        DataSeries(
            cut(name, 20),
            [
                DataPoint(cut(label, 20), round(value or 0, 2))
                for label, value in zip(drawn.labels, values, strict=True)
            ],
        )
        for name, values in drawn.series.items()
    ]
    axes = AxisConfig([cut(label, 20) for label in drawn.labels], cut(drawn.x, 50), cut(drawn.y, 50))
    kind = BarChart if drawn.kind == "bar" else LineChart
    return DataVisualizationBlock(cut(drawn.title, 50), kind(series, axes))


def table(part: Part) -> Block:
    rows: list[list[RawText | RichTextObject]] = [
        [RawText(cut(column.label, 200) or " ") for column in part.columns]
    ]
    rows += [[RawText(cut(cell, 60) or " ") for cell in said(part.columns, row)] for row in part.rows[:ROWS]]
    return TableBlock(rows)


def report(found: Report) -> Message:
    """The sentences that count, the support load as a chart, and a table: team by team, or the team's own load."""
    blocks: list[Block | None] = [
        section(f"*{escape(found.title)}*"),
        *sections(_bullets(found.summary, found.links)),
    ]
    support = found.part("support")
    if support and support.chart and support.chart.has_values:
        blocks.append(chart(support.chart))
    main = found.part("teams") or support
    if main:
        blocks.append(table(main))
        left = len(main.rows) - ROWS
        if left > 0:
            blocks.append(context(f"and {left} more rows."))
        blocks.append(context(escape(f"{main.title}: {main.basis} {main.how}")))
    for named in PARTS_SHOWN:
        part = found.part(named)
        if part is not None and part is not main:
            blocks += sections([f"*{escape(part.title)}*", *_gist(part, found.links)])
    command = f"writeback report {found.team}".strip()
    blocks.append(
        context(
            escape(
                f"All tables and how each is computed: `{command} --weeks {found.weeks}`, with `--json`, `--csv` or `--html`."
            )
        )
    )
    return message(f"{escape(found.title)}: {escape(' '.join(found.summary))}", *blocks)


def _gist(part: Part, links: Mapping[str, str]) -> list[str]:
    """A table's rows as lines, without those that have no figure; what is left out is counted."""
    lines = []
    for row in part.rows:
        cells = list(zip(part.columns, said(part.columns, row), strict=True))
        words = ", ".join(cell for column, cell in cells if not column.unit and cell != "–")
        figures = _figures([(column, cell) for column, cell in cells if column.unit and cell not in NOTHING])
        if figures:
            lines.append(f"• {_linked(cut(f'{words}: {figures}', 300), links)}")
    most = PARTS_SHOWN[part.id]
    left = len(lines) - most
    more = [f"_and {left} more {'row' if left == 1 else 'rows'}_"] if left > 0 else []
    told = " ".join([part.basis, *part.notes])
    return [*lines[:most], *more, f"_{escape(told)}_"]


NOTHING = frozenset({"–", "0", "0%"})


def _figures(cells: Sequence[tuple[Column, str]]) -> str:
    """`9 (12%), Time 23 min`: each figure by what its column is called, unless the row says it."""
    found = ""
    for column, cell in cells:
        match column.id, column.label:
            case "share", "Share" if found:
                found += f" ({cell})"
                continue
            case (("count" | "share"), ("Count" | "Share" | "Incidents")):
                told = cell
            case _, label if label.startswith("of "):
                told = f"{cell} {label}"
            case _, label:
                told = f"{label} {cell}"
        found += f", {told}" if found else told
    return found


def _linked(text: str, links: Mapping[str, str]) -> str:
    """Words as mrkdwn, with each key as a link to what it names, as far as that is known."""
    return KEY.sub(lambda key: link(links[key[0]], key[0]) if key[0] in links else key[0], escape(text))


def _bullets(lines: Sequence[str], links: Mapping[str, str]) -> list[str]:
    return [f"• {_linked(cut(line, 600), links)}" for line in lines]


def digest(found: Digest | None, *, name: str = "") -> Message:
    """None: nothing happened; said only to somebody who asked."""
    if found is None:
        text = f"{escape(name)}: nothing happened." if name else "Nothing happened."
        return message(text, section(text))
    blocks: list[Block | None] = [section(f"*{escape(found.title)}*\n{escape(found.headline)}")]
    for part in found.sections:
        blocks += sections([f"*{escape(part.title)}*", *_bullets(part.lines, found.links)])
    if found.chart:
        blocks.append(chart(found.chart))
    return message(f"{escape(found.title)}: {escape(found.headline)}", *blocks)
