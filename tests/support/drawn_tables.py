"""Tables of every kind, drawn for tests, with what each cell holds: rules, spans, empty cells, alignments."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import Paragraph, SimpleDocTemplate, Table, TableStyle

Rules = Literal["grid", "lines", "head", "none"]
Spans = Literal["none", "columns", "rows"]
PORTS = [
    "Otaru",
    "Niigata",
    "Sakata",
    "Tsuruga",
    "Maizuru",
    "Sakaiminato",
    "Hakata",
    "Fushiki",
    "Akita",
    "Rumoi",
    "Wakkanai",
    "Abashiri",
]
HEADS = ["Ships", "Tons", "Visitors", "Letters", "Salt", "Rice"]
PROSE = "The ports of the western coast kept a count of what they sent and what they had from over the sea in those years."


@dataclass(frozen=True)
class Kind:
    """How a table is drawn; `empty` is the share of its figures that are left out."""

    rules: Rules
    spans: Spans
    columns: int
    rows: int
    empty: float
    align: str
    size: float
    seed: int

    def __str__(self) -> str:
        return f"{self.rules}-{self.spans}-{self.columns}x{self.rows}-{self.align}-{self.size:g}-{self.seed}"


def kinds(count: int) -> Iterator[Kind]:
    """So many kinds, each rule with each alignment and share of empty cells; cells span only where rules show it."""
    chosen = random.Random(11)
    rules: tuple[Rules, ...] = ("grid", "lines", "head", "none")
    for seed in range(count):
        rule = rules[seed % 4]
        spans: Spans = chosen.choice(("none", "columns", "rows")) if rule == "grid" else "none"
        yield Kind(
            rules=rule,
            spans=spans,
            columns=chosen.randint(3, 6),
            rows=chosen.randint(4, 11),
            empty=chosen.choice((0.0, 0.15, 0.3)),
            align=chosen.choice(("RIGHT", "LEFT", "CENTER")),
            size=chosen.choice((8, 9, 10, 11)),
            seed=seed,
        )


def draw_table(path: Path, kind: Kind) -> list[list[str]]:
    """Draw a table between two paragraphs and give its cells: repeated over rows, in the first column of those that they span."""
    numbers = random.Random(kind.seed)
    head = ["Port", *HEADS[: kind.columns - 1]]
    rows = [head]
    for port in PORTS[: kind.rows]:
        figures = [figure(numbers) if numbers.random() >= kind.empty else "" for _ in head[1:]]
        # A row without any figure would be a heading within the table.
        rows.append([port, *(figures if any(figures) else [figure(numbers), *figures[1:]])])
    expected = [list(row) for row in rows]
    style: list[tuple[object, ...]] = [
        ("FONTSIZE", (0, 0), (-1, -1), kind.size),
        ("LEADING", (0, 0), (-1, -1), 1.2 * kind.size),
        ("ALIGN", (1, 0), (-1, -1), kind.align),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
    ]
    style += {
        "grid": [("GRID", (0, 0), (-1, -1), 0.5, colors.black)],
        "lines": [("LINEABOVE", (0, 0), (-1, -1), 0.5, colors.grey), ("LINEBELOW", (0, -1), (-1, -1), 0.5, colors.grey)],
        "head": [("LINEABOVE", (0, 0), (-1, 0), 1, colors.black), ("LINEBELOW", (0, 0), (-1, 0), 0.5, colors.black)],
        "none": [],
    }[kind.rules]
    if kind.spans == "columns":
        top = ["Port", "In the year 1979", *[""] * (kind.columns - 2)]
        rows.insert(0, top)
        expected.insert(0, list(top))
        style += [("SPAN", (1, 0), (-1, 0)), ("SPAN", (0, 0), (0, 1))]
        rows[1][0] = ""
    elif kind.spans == "rows":
        rows[2][1] = ""
        style.append(("SPAN", (1, 1), (1, 2)))
        expected[2][1] = expected[1][1]
    text = getSampleStyleSheet()["BodyText"]
    table = Table(rows, style=TableStyle(style))
    SimpleDocTemplate(str(path), pagesize=A4, invariant=True).build([Paragraph(PROSE, text), table, Paragraph(PROSE, text)])
    return expected


def figure(numbers: random.Random) -> str:
    return numbers.choice(
        (
            f"{numbers.randint(1, 99)}",
            f"{numbers.randint(1000, 99999):,}",
            f"({numbers.randint(1, 999)})",
            "n.a.",
            f"-{numbers.random():.1f}",
        )
    )


def cells_of(text: str) -> list[list[str]]:
    """The rows of the tables in a text as read."""
    return [[cell.strip(" \u200b") for cell in line.split("\t")] for line in text.split("\n") if "\t" in line]
