"""Pictures for a sheet, drawn from plain data as SVG: the same bytes on every machine, and fast enough for 100 forms.

A picture is a dictionary with a "type", or a list of them side by side:
- plot: x, y (labels), xlim, ylim, curves [{points, name, dash}], points [[x, y, class]], arrows [[x0, y0, x1, y1]],
  legend ("below": the names stand at the lower edge)
- grid: cells (rows of numbers or texts, None stays white), title, shade, numbers
- network: layers (lists of labels), weights (one matrix for each gap, optional)
- blocks: boxes (labels), joined by arrows
A label is a text, or {"en": …, "de": …}.
"""

import html

from course_utils.exam.errors import ExamError
from course_utils.exam.words import number

BLUE, ORANGE, INK, GREY, GREEN = "#0072B2", "#E69F00", "#1a1a1a", "#5c6166", "#009E73"
CURVES = ((BLUE, ""), ("#BF4F00", "7 4"), (GREEN, "2 3"), ("#CC79A7", "9 3 2 3"))
FONT = "font-family=\"Libertinus Serif, Georgia, serif\""


def svg(figure, locale):
    """The picture as SVG text, with its numbers and labels in that locale; raises ExamError for an unknown type."""
    panels = figure if isinstance(figure, list) else [figure]
    drawn, left, height = [], 0, 0
    for panel in panels:
        if panel.get("type") not in PANELS:
            raise ExamError(f"figure: type is {panel.get('type')!r}: choose one of {', '.join(PANELS)}.")
        width, high, body = PANELS[panel["type"]](panel, locale)
        drawn.append(f'<g transform="translate({left:g} 0)">{body}</g>')
        left, height = left + width + 18, max(height, high)
    width = left - 18
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{height:g}" viewBox="0 0 {width:g} '
            f'{height:g}" '
            f'{FONT} font-size="11" fill="{INK}">{"".join(drawn)}</svg>')  # fmt: skip


def label(words, locale):
    """A label in the language of the locale, safe inside SVG."""
    if isinstance(words, dict):
        words = words["en" if locale == "en" else "de"]
    return html.escape(number(words, locale) if isinstance(words, (int, float)) else str(words))


def _text(x, y, words, anchor="middle", extra=""):
    return f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}"{extra}>{words}</text>'


def _ticks(low, high):
    """Five or so round numbers between low and high."""
    span = high - low
    step = 10 ** len(str(int(span))) / 10 if span >= 1 else 0.1
    step = next(s for s in (step / 10, step / 5, step / 4, step / 2, step, 2 * step, 5 * step) if span / s <= 6.01)
    first = int(low / step) * step
    ticks = [round(first + i * step, 6) for i in range(-1, 12)]
    return [t for t in ticks if low - 1e-9 <= t <= high + 1e-9]


def _plot(panel, locale):
    wide, high, left, top = 230, 150, 42, 12
    (x0, x1), (y0, y1) = panel["xlim"], panel["ylim"]

    def place(x, y):
        return left + (x - x0) / (x1 - x0) * wide, top + high - (y - y0) / (y1 - y0) * high

    out = []
    for tick in _ticks(x0, x1):
        x, _ = place(tick, y0)
        out.append(
            f'<path d="M{x:.1f} {top}v{high}" stroke="#ddd" stroke-width="0.6"/>'
            + _text(x, top + high + 14, label(tick, locale))
        )
    for tick in _ticks(y0, y1):
        _, y = place(x0, tick)
        out.append(
            f'<path d="M{left} {y:.1f}h{wide}" stroke="#ddd" stroke-width="0.6"/>'
            + _text(left - 5, y + 4, label(tick, locale), "end")
        )
    frame = f'<rect x="{left}" y="{top}" width="{wide}" height="{high}" fill="none" stroke="{INK}" stroke-width="0.8"/>'
    out.append(frame)
    named = [curve for curve in panel.get("curves", []) if curve.get("name")]
    for i, curve in enumerate(panel.get("curves", [])):
        color, dash = CURVES[i % len(CURVES)]
        path = " ".join("{:.1f},{:.1f}".format(*place(x, min(max(y, y0), y1))) for x, y in curve["points"])
        out.append(
            f'<polyline points="{path}" fill="none" stroke="{color}" stroke-width="1.8" '
            f'stroke-dasharray="{dash or "none"}"/>'
        )
        if curve in named:
            row = named.index(curve)
            y = top + 14 + 14 * row if panel.get("legend") != "below" else top + high - 8 - 14 * (len(named) - 1 - row)
            out.append(
                f'<path d="M{left + wide - 90} {y - 4}h24" stroke="{color}" stroke-width="1.8" '
                f'stroke-dasharray="{dash or "none"}"/>'
            )
            out.append(_text(left + wide - 62, y, label(curve["name"], locale), "start"))
    for x, y, kind in panel.get("points", []):
        cx, cy = place(x, y)
        out.append(f'<circle cx="{cx:.1f}" cy="{cy:.1f}" r="4" fill="{BLUE}"/>' if kind == 0 else
                   f'<path d="M{cx:.1f} {cy - 5:.1f}l5 9h-10z" fill="{ORANGE}" stroke="{INK}" '
                   f'stroke-width="0.5"/>')  # fmt: skip
    out += [_arrow(*place(a, b), *place(c, d)) for a, b, c, d in panel.get("arrows", [])]
    out.append(_text(left + wide / 2, top + high + 30, label(panel["x"], locale)))
    out.append(
        f'<text transform="translate(11 {top + high / 2}) rotate(-90)" '
        f'text-anchor="middle">{label(panel["y"], locale)}</text>'
    )
    return left + wide + 8, top + high + 36, "".join(out)


def _arrow(x0, y0, x1, y1):
    length = max(((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5, 1e-9)
    ux, uy = (x1 - x0) / length * 6, (y1 - y0) / length * 6
    x, y = x1 - ux, y1 - uy
    head = f"M{x1:.1f} {y1:.1f}L{x - uy / 2:.1f} {y + ux / 2:.1f}L{x + uy / 2:.1f} {y - ux / 2:.1f}z"
    return f'<path d="M{x0:.1f} {y0:.1f}L{x:.1f} {y:.1f}" stroke="{INK}" stroke-width="1.2"/><path d="{head}"/>'


def _grid(panel, locale):
    cells = panel["cells"]
    side = 26 if len(cells[0]) <= 8 else 18
    top = 18 if panel.get("title") else 2
    numbers = [c for row in cells for c in row if isinstance(c, (int, float))]
    low, high = (min(numbers), max(numbers)) if numbers else (0, 1)
    out = [_text(len(cells[0]) * side / 2 + 1, 12, label(panel["title"], locale))] if panel.get("title") else []
    for i, row in enumerate(cells):
        for j, cell in enumerate(row):
            shade, ink = "white", INK
            if panel.get("shade") and isinstance(cell, (int, float)) and high > low:
                level = 255 - int(200 * (cell - low) / (high - low))
                shade, ink = f"rgb({level},{level},{level})", "white" if level < 130 else INK
            x, y = 1 + j * side, top + i * side
            out.append(
                f'<rect x="{x}" y="{y}" width="{side}" height="{side}" fill="{shade}" stroke="{GREY}" '
                f'stroke-width="0.8"/>'
            )
            if cell is not None and panel.get("numbers", True):
                out.append(_text(x + side / 2, y + side / 2 + 4, label(cell, locale), extra=f' fill="{ink}"'))
    return len(cells[0]) * side + 2, top + len(cells) * side + 2, "".join(out)


def _network(panel, locale):
    layers = panel["layers"]
    tall = max(len(layer) for layer in layers)
    gap, row, radius = 96, 44, 15
    high = tall * row + 4

    def center(i, j):
        return 20 + i * gap, high / 2 + (j - (len(layers[i]) - 1) / 2) * row

    out = []
    for i in range(len(layers) - 1):
        for j in range(len(layers[i])):
            for k in range(len(layers[i + 1])):
                (xa, ya), (xb, yb) = center(i, j), center(i + 1, k)
                out.append(
                    f'<path d="M{xa + radius:g} {ya:g}L{xb - radius:g} {yb:g}" stroke="{GREY}" stroke-width="1"/>'
                )
                if "weights" in panel:
                    share = 0.30 if (j + k) % 2 else 0.62
                    words = label(panel["weights"][i][j][k], locale)
                    x, y = xa + radius + (xb - xa - 2 * radius) * share, ya + (yb - ya) * share - 3
                    out.append(
                        _text(x, y, words, extra=' stroke="white" stroke-width="3" paint-order="stroke"')
                        + _text(x, y, words)
                    )
    for i, layer in enumerate(layers):
        for j, words in enumerate(layer):
            x, y = center(i, j)
            out.append(f'<circle cx="{x:g}" cy="{y:g}" r="{radius}" fill="white" stroke="{BLUE}" stroke-width="1.5"/>')
            out.append(_text(x, y + 4, label(words, locale)))
    return 40 + (len(layers) - 1) * gap, high, "".join(out)


def _blocks(panel, locale):
    out, x = [], 1
    for i, words in enumerate(panel["boxes"]):
        words = label(words, locale)
        width = 14 + 5.6 * len(words)
        out.append(
            f'<rect x="{x:g}" y="6" width="{width:g}" height="26" rx="4" fill="white" stroke="{BLUE}" '
            f'stroke-width="1.4"/>'
        )
        out.append(_text(x + width / 2, 23, words))
        x += width
        if i < len(panel["boxes"]) - 1:
            out.append(_arrow(x, 19, x + 20, 19))
            x += 20
    return x + 1, 38, "".join(out)


PANELS = {"plot": _plot, "grid": _grid, "network": _network, "blocks": _blocks}
