"""Bars and lines as SVG inside a page: axis, labels and units; colours are the page's own, so they print and turn dark."""

import html
import math
import re
from collections.abc import Callable

from bot.core.reports.figures import Chart

WIDTH, HEIGHT = 720, 230
LEFT, RIGHT, TOP, BOTTOM = 46, 10, 28, 44
COLOURS = 4
"""The page has so many: --c0 to --c3."""


def svg(chart: Chart) -> str:
    """One picture; what it shows stands in its title and description too, for those who don't see it."""
    stacked = chart.kind == "bar"
    sums = [sum(value or 0 for value in column) for column in zip(*chart.series.values(), strict=True)]
    most = max(sums if stacked else (value or 0 for v in chart.series.values() for value in v), default=0)
    ticks = _ticks(most)
    top = ticks[-1]
    across, down = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM

    def y(value: float) -> float:
        return TOP + down * (1 - value / top)

    name = re.sub(r"\W+", "-", chart.title.lower())
    title = f"{chart.title}: {', '.join(chart.series)}"
    parts = [
        f'<title id="{name}-title">{html.escape(title)}</title>',
        f'<desc id="{name}-desc">{html.escape(_told(chart))}</desc>',
    ]
    for tick in ticks:
        parts.append(
            f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y(tick):.1f}" y2="{y(tick):.1f}"/>'
        )
        parts.append(
            f'<text class="tick" x="{LEFT - 6}" y="{y(tick) + 4:.1f}" text-anchor="end">{tick:g}</text>'
        )
    step = across / max(1, len(chart.labels))
    every = math.ceil(len(chart.labels) / 12)
    for n, label in enumerate(chart.labels):
        if n % every == 0:
            at = LEFT + step * (n + 0.5)
            parts.append(
                f'<text class="tick" x="{at:.1f}" y="{HEIGHT - BOTTOM + 16}" text-anchor="middle">{html.escape(label)}</text>'
            )
    middle = LEFT + across / 2
    parts.append(
        f'<text class="axis" x="{middle:g}" y="{HEIGHT - 8}" text-anchor="middle">{html.escape(chart.x)}</text>'
    )
    parts.append(f'<text class="axis" x="4" y="14">{html.escape(chart.y)}</text>')
    draw = _bars if stacked else _lines
    parts += draw(chart, y, step)
    parts += _legend(chart)
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-labelledby="{name}-title {name}-desc" '
        f'xmlns="http://www.w3.org/2000/svg">{"".join(parts)}</svg>'
    )


def _told(chart: Chart) -> str:
    """What somebody who looks at it sees first, in words."""
    told = []
    for name, values in chart.series.items():
        known = [
            (value, label) for value, label in zip(values, chart.labels, strict=True) if value is not None
        ]
        if known:
            most, when = max(known, key=lambda each: each[0])
            last, label = known[-1]
            told.append(f"{name} at most {most:g} ({chart.x} {when}), last {last:g} ({chart.x} {label})")
    return (
        f"{chart.y}, {chart.labels[0]} to {chart.labels[-1]}: {'; '.join(told)}" if chart.labels else chart.y
    )


def _ticks(most: float) -> list[float]:
    """0 and at most five steps of 1, 2 or 5 times a power of ten, the last not below `most`."""
    if most <= 0:
        return [0, 1]
    rough = most / 4
    power = 10 ** math.floor(math.log10(rough))
    step = next(n * power for n in (1, 2, 5, 10) if n * power >= rough)
    if step < 1 and most >= 1:
        step = 1
    count = math.ceil(round(most / step, 9))
    return [round(step * n, 9) for n in range(count + 1)]


def _bars(chart: Chart, y: Callable[[float], float], step: float) -> list[str]:
    """The series of a label stand on each other."""
    found, base = [], [0.0] * len(chart.labels)
    for n, (name, values) in enumerate(chart.series.items()):
        for at, value in enumerate(values):
            if not value:
                continue
            low, high = y(base[at]), y(base[at] + value)
            base[at] += value
            found.append(
                f'<rect class="s{n % COLOURS}" x="{LEFT + step * at + step * 0.15:.1f}" y="{high:.1f}" '
                f'width="{step * 0.7:.1f}" height="{low - high:.1f}">'
                f"<title>{html.escape(f'{chart.labels[at]}, {name}: {value:g}')}</title></rect>"
            )
    return found


def _lines(chart: Chart, y: Callable[[float], float], step: float) -> list[str]:
    found = []
    for n, (name, values) in enumerate(chart.series.items()):
        points = [
            (LEFT + step * (at + 0.5), y(value), at) for at, value in enumerate(values) if value is not None
        ]
        path = " ".join(f"{x:.1f},{at:.1f}" for x, at, _ in points)
        found.append(f'<polyline class="l{n % COLOURS}" points="{path}"/>')
        found += [
            f'<circle class="s{n % COLOURS}" cx="{x:.1f}" cy="{at:.1f}" r="3">'
            f"<title>{html.escape(f'{chart.labels[label]}, {name}: {values[label]:g}')}</title></circle>"
            for x, at, label in points
        ]
    return found


def _legend(chart: Chart) -> list[str]:
    if len(chart.series) < 2:
        return []
    found, x = [], WIDTH - RIGHT - 110 * len(chart.series)
    for n, name in enumerate(chart.series):
        found.append(f'<rect class="s{n % COLOURS}" x="{x + 110 * n}" y="4" width="12" height="12"/>')
        found.append(f'<text class="axis" x="{x + 110 * n + 17}" y="14">{html.escape(name)}</text>')
    return found
