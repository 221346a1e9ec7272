# SPDX-License-Identifier: MIT
"""Tables as text and Markdown."""


def figure(value, unit="ns"):
    if value is None:
        return "-"
    if unit == "bytes":
        for suffix, size in (("G", 1 << 30), ("M", 1 << 20), ("K", 1 << 10)):
            if value >= size:
                return f"{value / size:.1f}{suffix}"
        return f"{value:.0f}"
    if value >= 100:
        return f"{value:.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}" if value >= 0.1 else f"{value:.4f}"


def cell(grid, row, column, metric, unit="ns"):
    state = grid.state(row, column)
    if state != "ok":
        return "fails" if state.startswith("fails") else state
    middle = grid.median(row, column, metric)
    text = figure(middle, unit)
    spread = grid.spread(row, column, metric)
    return text if middle is None or spread < 0.1 else f"{text} ±{spread * 100:.0f}%"


def grid_rows(grid, metric, unit="ns", base=None):
    """Header and rows; with `base`, quotients to that column."""
    columns = grid.columns
    rows = []
    for row in grid.rows:
        line = [row]
        for column in columns:
            if base is None or grid.state(row, column) != "ok":
                line.append(cell(grid, row, column, metric, unit))
            else:
                ratio = grid.ratio(row, column, base, metric)
                line.append("-" if ratio is None else figure(ratio) + "x")
        rows.append(line)
    return [""] + columns, rows


def as_text(header, rows):
    widths = [max(len(str(line[i])) for line in [header] + rows) for i in range(len(header))]
    out = []
    for line in [header] + rows:
        out.append("  ".join(str(value).ljust(width) if i == 0 else str(value).rjust(width)
                             for i, (value, width) in enumerate(zip(line, widths))).rstrip())
    return "\n".join(out)


def as_markdown(header, rows):
    out = ["| " + " | ".join(header) + " |", "|" + "---|" + "---:|" * (len(header) - 1)]
    out += ["| " + " | ".join(str(value) for value in line) + " |" for line in rows]
    return "\n".join(out)


def failures(grid):
    """Every cell without a figure, in words."""
    found = []
    for row in grid.rows:
        for column in grid.columns:
            state = grid.state(row, column)
            if state not in ("ok", "-"):
                found.append(f"{row}, {column}: {state}")
    return found
