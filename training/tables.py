"""Invented tables with questions on their cells, in the form in which the reader sees a table: caption, header, rows, cells parted by " | "."""

from __future__ import annotations

import random

from training.sources import Example

_PLACES = """Osaka|Lyon|Brazil|Kenya|Norway|Sapporo|Quebec|Thailand|Chile|Poland|Busan|Seattle|Vietnam|Ghana|Perth|Nagoya|Turin|Mexico|Malaysia|Latvia|Oita|Leeds|India|Peru|Cebu|Hanoi
Fiji|Denmark|Fukuoka|Taipei|Egypt|Austria|Niigata|Denver|Laos|Spain|Kyoto|Cork|Nepal|Cuba|Kobe|Dalian|Greece|Jordan|Sendai|Utrecht|Italy|Tonga|Shenzhen|Porto|Finland|Qatar""".replace(
    "\n", "|"
).split("|")
_SECTORS = """textiles|machinery|fisheries|tourism|steel|electronics|chemicals|food processing|transport equipment|construction|education|nursing care|agriculture|retail|mining|paper|energy|finance|publishing|shipbuilding
furniture|health services|telecommunications|printing""".replace("\n", "|").split("|")
_MEASURES = [
    ("number of exchange students", "persons"), ("exports", "million dollars"), ("foreign residents", "thousands"), ("share of women", "%"), ("agreements signed", "number"),
    ("average wage", "yen"), ("overseas subsidiaries", "number"), ("annual budget", "million yen"), ("unemployment rate", "%"), ("visitors", "thousands"), ("direct investment", "billion yen"),
    ("employees", "persons"), ("language teachers", "number"), ("aid received", "million dollars"), ("patents granted", "number"), ("population", "thousands"), ("share of imports", "%"),
    ("trainees admitted", "persons"), ("festivals held", "number"), ("libraries", "number"), ("housing starts", "thousands"), ("growth rate", "%"), ("delegations sent", "number"), ("respondents", "%"),
]  # fmt: skip


def examples(count: int, seed: int) -> list[Example]:
    """Invented examples; some two in five ask for what the table doesn't hold: another row, column, measure or year."""
    draw = random.Random(seed)
    return [_example(number, draw) for number in range(count)]


def _figure(unit: str, draw: random.Random) -> str:
    if unit == "%":
        return f"{draw.uniform(0.1, 97):.1f}"
    return f"{int(10 ** draw.uniform(0.5, 5)):,}"


def _example(number: int, draw: random.Random) -> Example:
    by_year = draw.random() < 0.5
    first = draw.randrange(1955, 2015)
    years = [str(first + step * draw.choice([1, 1, 2, 5])) for step in range(12)]
    years = list(dict.fromkeys(years))
    names = draw.sample(draw.choice([_PLACES, _SECTORS]), 9)
    topic, unit = draw.choice(_MEASURES)
    if by_year:
        labels, columns, head = years[: draw.randrange(3, 9)], names[: draw.randrange(1, 4)], "Year"
        other_label, other_column = draw.choice([y for y in map(str, range(first - 8, first + 60)) if y not in years]), names[-1]
        caption = f"{topic} by {draw.choice(['place', 'branch', 'group'])}"
    elif draw.random() < 0.5:
        labels, columns, head = names[: draw.randrange(3, 9)], years[: draw.randrange(1, 4)], draw.choice(["Place", "Branch", ""])
        other_label, other_column = names[-1], draw.choice([y for y in map(str, range(first - 8, first + 60)) if y not in years])
        caption = f"{topic}, {columns[0]} to {columns[-1]}"
    else:
        measures = draw.sample(_MEASURES, 4)
        labels, columns, head = (
            names[: draw.randrange(3, 9)],
            [m for m, _ in measures[: draw.randrange(2, 4)]],
            draw.choice(["Place", ""]),
        )
        other_label, other_column = names[-1], measures[3][0]
        topic, caption = "", f"Selected indicators, {first}"
    title = (
        f"Table {draw.randrange(1, 20)}. {caption[0].upper()}{caption[1:]} ({unit})"
        if topic
        else f"Table {draw.randrange(1, 20)}. {caption}"
    )
    cells = {(row, column): _figure(unit, draw) for row in labels for column in columns}
    text = title + "\n" + " | ".join([head, *columns])
    places: dict[str, tuple[int, int]] = {}
    at: dict[tuple[str, str], tuple[int, int]] = {}
    for row in labels:
        text += "\n"
        start = len(text)
        text += row
        for column in columns:
            text += " | "
            at[row, column] = (len(text), len(text) + len(cells[row, column]))
            text += cells[row, column]
        places[row] = (start, len(text))
    row, column = draw.choice(labels), draw.choice(columns)
    wrong = draw.random() < 0.4
    if wrong:
        which = draw.random()
        if which < 0.45:
            row = other_label
        elif which < 0.8:
            column = other_column
        elif topic:
            topic = draw.choice([m for m, _ in _MEASURES if m != topic and m not in columns])
        else:
            column = other_column
    question = _question(row, column, topic, by_year, draw)
    if wrong:
        return Example(f"table-{number}", question, text, "", False, (), (), (), "made tables")
    span = at[row, column]
    return Example(f"table-{number}", question, text, "", True, (span,), (places[row],), (text[slice(*span)],), "made tables")


def _question(row: str, column: str, topic: str, by_year: bool, draw: random.Random) -> str:
    if not topic:
        return draw.choice(
            [
                f"What was the {column} of {row}?",
                f"How high were {column} in {row}?",
                f"{row}: {column}",
                f"What figure is given for {column} in {row}?",
            ]
        )
    place, year = (column, row) if by_year else (row, column)
    return draw.choice(
        [
            f"What was the {topic} of {place} in {year}?", f"How many {topic} did {place} have in {year}?", f"How high was the {topic} in {place} in {year}?",
            f"In {year}, what did the {topic} in {place} come to?", f"{topic} {place} {year}", f"What {topic} is reported for {place} for {year}?",
            f"How large were the {topic} of {place} in the year {year}?",
        ]
    )  # fmt: skip
