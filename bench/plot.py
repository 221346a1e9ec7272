# SPDX-License-Identifier: MIT
"""Plain SVG: grouped horizontal bars on a logarithmic scale, one picture a family."""
import math
from xml.sax.saxutils import escape

COLOURS = ["#7f7f7f", "#1f77b4", "#2ca02c", "#d62728", "#9467bd", "#8c564b", "#e377c2", "#bcbd22", "#17becf", "#ff7f0e",
           "#393b79", "#637939", "#843c39", "#7b4173", "#3182bd", "#e6550d"]
LEFT, RIGHT, BAR, GAP, TOP = 190, 90, 9, 10, 60


def _text(x, y, words, size=11, anchor="start", weight="normal"):
    return (f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" font-weight="{weight}">'
            f"{escape(words)}</text>")


def _ticks(low, high):
    return [10.0 ** power for power in range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)]


def bars(grid, metric, title, path, format_value, width=900):
    data = [(row, [(column, grid.median(row, column, metric)) for column in grid.columns]) for row in grid.rows]
    values = [value for _, cells in data for _, value in cells if value and value > 0]
    if not values:
        return False
    ticks = _ticks(min(values), max(values))
    low, high = math.log10(ticks[0]), math.log10(ticks[-1])
    span = max(high - low, 1)

    def at(value):
        return LEFT + (math.log10(max(value, ticks[0])) - low) / span * (width - LEFT - RIGHT)

    legend_rows = (len(grid.columns) + 4) // 5
    top = TOP + 16 * legend_rows
    height = top + sum(len(cells) * BAR + GAP for _, cells in data) + 30
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" font-family="sans-serif">',
           f'<rect width="{width}" height="{height}" fill="white"/>', _text(10, 22, title, 15, weight="bold")]
    for i, column in enumerate(grid.columns):
        x, y = 10 + (i % 5) * 175, 42 + (i // 5) * 16
        out.append(f'<rect x="{x}" y="{y - 9}" width="10" height="10" fill="{COLOURS[i % len(COLOURS)]}"/>')
        out.append(_text(x + 15, y, column))
    for tick in ticks:
        out.append(f'<line x1="{at(tick):.1f}" x2="{at(tick):.1f}" y1="{top - 5}" y2="{height - 25}" stroke="#ddd"/>')
        out.append(_text(at(tick), height - 10, format_value(tick), 10, "middle"))
    y = top
    for row, cells in data:
        out.append(_text(LEFT - 8, y + len(cells) * BAR / 2 + 4, row, anchor="end"))
        for i, (column, value) in enumerate(cells):
            if value and value > 0:
                out.append(f'<rect x="{LEFT}" y="{y}" width="{max(1.0, at(value) - LEFT):.1f}" height="{BAR - 1}" '
                           f'fill="{COLOURS[i % len(COLOURS)]}"><title>{escape(column)}: {format_value(value)}'
                           "</title></rect>")
            else:
                out.append(_text(LEFT + 3, y + BAR - 1, grid.state(row, column).split(" (")[0], 8))
            y += BAR
        y += GAP
    out.append("</svg>")
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n".join(out) + "\n")
    return True
