"""Tables in text: rows, captions, headers, notes, and where a table ends."""

from __future__ import annotations

import pytest

from askjapan.documents.blocks import blocks_of
from askjapan.documents.tables import cells, is_caption, is_note, is_row, is_unit_line, parse_table, row_text
from tests.support.stages import blocks, passages, reading

PORTS = """Harbour traffic is set out below.

Table 1: Ships in three harbours
(unit: thousand ships)

\t2000\t2005\t2010\tClass
Asahi\t1,686\t1,999\t2,176\tdeep
Bora\t535\t551\t568\tshallow
Ciro\t508\t590\t686\tdeep

Source: Harbour Office (2011)
Note: Ferries are left out.

Traffic grew in all of them."""


def table_units(text: str, **facts: object) -> list[tuple[str, str]]:
    found = [passage for passage in passages(text, **facts) if passage.kind == "table"]
    return [(unit.kind, unit.text) for passage in found for unit in passage.units]


@pytest.mark.parametrize(
    ("line", "row"),
    [
        ("Asahi\t1,686\t1,999", True),
        ("\tManufacturing\t166", True),
        ("| Asahi | 1,686 |", True),
        ("| --- | :-: |", True),
        ("--- | ---", True),
        ("Asahi 1,686 1,999", False),
        ("a sentence with a tab at its end\t", False),
        ("| a lone bar", False),
        ("---", False),
    ],
)
def test_is_row(line, row):
    assert is_row(line) is row


@pytest.mark.parametrize(
    ("text", "caption"),
    [
        ("Table 1: Ships in three harbours", True),
        ("**Table 12. Ships**", True),
        ("Table5 Development of ports", True),
        ("Table A.1 Ships", True),
        ("Figure 3 Where pilots live ① and where they work ②", True),
        ("Graphic 2: Population", True),
        ("Annex Table Development of pilots", True),
        ("Table IV. Ships", True),
        ("表1　港の船", True),
        ("図 2 人口", True),
        ("Table 3 shows that ships grew in number.", False),
        ("Figure 3 tells this story: pilots retire.", False),
        ("Tables 1 and 2 are on the next page.", False),
        ("Box office takings fell.", False),
        ("Graph theory is older.", False),
        ("Chart a course northward.", False),
        ("Table manners matter.", False),
        ("In Table 1 ships are counted.", False),
        ("Table 1: " + "ship " * 60, False),
    ],
)
def test_is_caption(text, caption):
    assert is_caption(text) is caption


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("(unit: thousand ships)", True),
        ("unit: million US Dollars", True),
        ("(Unit: thousand · %)", True),
        (r"(\$ million)", True),
        ("in thousands", True),
        ("単位：千人", True),
        ("(2010)", True),
        ("The unit was small.", False),
        ("ships by harbour", False),
    ],
)
def test_is_unit_line(text, unit):
    assert is_unit_line(text) is unit


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("Source: Harbour Office", True),
        ("Sources: two of them", True),
        ("Note: *** means significant", True),
        ("Notes and source: none", True),
        ("*Source: Harbour Office*", True),
        ("* means significant at 10% level", True),
        ("*** p < 0.01", True),
        ("出所：港湾局", True),
        ("StatLink <http://dx.example/1>", True),
        ("Sources of growth were many.", False),
        ("Note that ships sank.", False),
    ],
)
def test_is_note(text, note):
    assert is_note(text) is note


@pytest.mark.parametrize(
    ("line", "texts", "shown"),
    [
        ("Asahi\t1,686\t", ["Asahi", "1,686", ""], "Asahi\t1,686"),
        ("\t2000\t2005", ["", "2000", "2005"], "\t2000\t2005"),
        ("\t\tOutflow\tmany", ["", "", "Outflow", "many"], "\t\tOutflow\tmany"),
        ("| **Asahi** | 0.731*** | |", ["Asahi", "0.731***", ""], "Asahi\t0.731***"),
        ("|  | 2000 |", ["", "2000"], "\t2000"),
        (r"| a \| b | c |", [r"a \| b", "c"], "a | b\tc"),
        ("<b>Year</b>\t<u>Volume</u> (US \\$ bill)", ["Year", "Volume (US $ bill)"], "Year\tVolume (US $ bill)"),
    ],
)
def test_cells(line, texts, shown):
    found = cells(line)
    assert [text for text, _ in found] == [text.replace(r"\|", "|") for text in texts]
    assert row_text(line) == shown


def test_cell_offsets_are_where_the_cells_begin():
    assert cells("Asahi\t1,686\tdeep") == [("Asahi", 0), ("1,686", 6), ("deep", 12)]
    assert cells("| Asahi | 7 |") == [("Asahi", 1), ("7", 9)]


def parsed(text: str) -> tuple[list[str], list[list[str]]]:
    lines, offset = [], 0
    for line in text.split("\n"):
        lines.append((offset, offset + len(line)))
        offset += len(line) + 1
    table = parse_table(text, lines)
    return [text[s:e] for s, e in table.header], [[text[s:e] for s, e in row.segments] for row in table.rows]


@pytest.mark.parametrize(
    ("text", "header"),
    [
        ("\t2000\t2005\nAsahi\t1,686\t1,999", ["\t2000\t2005"]),
        ("Year\tShips\n1991\t1,292\n1992\t1,354", ["Year\tShips"]),
        ("Year\tShips\n1982\tn/a\n1983\t77.0", ["Year\tShips"]),
        ("Port\tState\nAsahi\tn/a\nBora\t5.3", ["Port\tState"]),
        (
            "\tAll ships\t\tFerries\t\n\tNumber\tChange\tNumber\tChange\nAsahi\t5\t1\t2\t0",
            ["\tAll ships\t\tFerries\t", "\tNumber\tChange\tNumber\tChange"],
        ),
        ("Force\tDirection\nwind\teast\ntide\twest\nfog\tnone", ["Force\tDirection"]),
        ("Office\tFounded\tClosed\nPilots\t1972\t1999\nBuoys\t1980\t2001", ["Office\tFounded\tClosed"]),
        ("1991\t1,292\n1992\t1,354", []),
        ("| Port | Ships |\n| --- | --- |\n| Asahi | 5 |", ["| Port | Ships |"]),
        ("| Port | Opened |\n|---|---|\n| Asahi | early |\n| Bora | late |", ["| Port | Opened |"]),
    ],
)
def test_header(text, header):
    assert parsed(text)[0] == header


def test_group_label_is_given_to_the_rows_under_it():
    text = (
        "Country\tTrade\tWorkers\tRate\n"
        "Singapore\tTotal\t1,157\t36.0\n"
        "\tManufacturing\t166\t44.6\n"
        "\tdomestic work\t196\n"
        "Malaysia\tTotal\t1,941\t16.7\n"
        "\tService\t227\t3.6"
    )
    _, rows = parsed(text)
    assert rows == [
        ["Singapore\tTotal\t1,157\t36.0"],
        ["Singapore", "\tManufacturing\t166\t44.6"],
        ["Singapore", "\tdomestic work\t196"],
        ["Malaysia\tTotal\t1,941\t16.7"],
        ["Malaysia", "\tService\t227\t3.6"],
    ]


def test_a_row_of_figures_gives_no_group_label():
    _, rows = parsed("\t2000\t2005\nAsahi\t1\t2\n\t3\t4")
    assert rows == [["Asahi\t1\t2"], ["\t3\t4"]]


def test_caption_unit_header_rows_source_and_note_make_one_table():
    assert table_units(PORTS) == [
        ("caption", "Table 1: Ships in three harbours (unit: thousand ships)"),
        ("header", "\t2000\t2005\t2010\tClass"),
        ("row", "Asahi\t1,686\t1,999\t2,176\tdeep"),
        ("row", "Bora\t535\t551\t568\tshallow"),
        ("row", "Ciro\t508\t590\t686\tdeep"),
        ("note", "Source: Harbour Office (2011) Note: Ferries are left out."),
    ]
    assert [kind for kind, _ in blocks(PORTS)] == ["prose", "table", "prose"]


@pytest.mark.parametrize(
    "above",
    [
        "Table 1: Ships\n(unit: thousand ships)",
        "Table 1: Ships\n\n(unit: thousand ships)",
        "Table 1: Ships\n\n\n(unit: thousand ships)\n",
        "**Table 1**  \n**Ships**\n\n(unit: thousand ships)",
        "**Table 1**\n\nShips by harbour\n\n(unit: thousand ships)",
    ],
)
def test_caption_in_one_piece_or_more(above):
    rows = "Port\tShips\nAsahi\t5\nBora\t6\n\nSource: me"
    units = table_units(f"Prose stands above the table here.\n\n{above}\n\n{rows}\n\nProse goes on.")
    caption = " ".join(text for kind, text in units if kind == "caption")
    assert caption.startswith("Table 1")
    assert "Ships" in caption
    assert caption.endswith("(unit: thousand ships)")
    assert [text for kind, text in units if kind == "row"] == ["Asahi\t5", "Bora\t6"]


def test_caption_below():
    below = "Table 1: Ships in harbours\n\nSource: me\n\nProse goes on below."
    units = table_units(f"Prose stands above.\n\nPort\tShips\nAsahi\t5\nBora\t6\n\n{below}")
    assert units[0] == ("caption", "Table 1: Ships in harbours")
    assert units[-1] == ("note", "Source: me")


def test_a_caption_above_is_not_taken_from_the_next_table():
    text = "Port\tShips\nAsahi\t5\nBora\t6\n\nTable 2: Pilots\n\nPort\tPilots\nAsahi\t7\nBora\t8"
    found = [block for block in blocks_of(reading(text)) if block.kind == "table"]
    assert [[text[s:e] for s, e in block.table.caption] for block in found if block.table] == [[], ["Table 2: Pilots"]]


def test_the_caption_and_source_of_a_figure_above_are_not_the_tables():
    table = "Table 2: Pilots\n(number)\n\nPort\tPilots\nAsahi\t7\nBora\t8\n\nSource: me"
    text = f"Graphic 2: Ages of pilots\n\nSource: a yearbook\n\n{table}"
    assert blocks(text)[0] == ("caption", "Graphic 2: Ages of pilots ¦ Source: a yearbook")
    assert table_units(text)[0] == ("caption", "Table 2: Pilots (number)")


def test_a_table_without_a_caption_does_not_take_that_of_a_figure():
    text = "Graphic 2: Ages\n\nSource: a yearbook\n\nStatLink <http://dx.example/1>\n\nPort\tPilots\nAsahi\t7\nBora\t8"
    assert [kind for kind, _ in table_units(text)] == ["header", "row", "row"]


def test_a_sentence_about_a_table_is_no_caption():
    text = "Table 3 shows that ships grew in number.\n\nPort\tShips\nAsahi\t5\nBora\t6"
    assert [kind for kind, _ in blocks(text)] == ["prose", "table"]


def test_markdown_table_with_caption_and_notes():
    rows = "| Port | 2000 | 2005 |\n| --- | ---: | ---: |\n| Asahi | 5 | 6* |\n| Bora | 0.731*** | 8 |"
    text = f"**Table 2. Ships (number)**\n\n{rows}\n\nNotes and source: Harbour Office. [§2, Table 2]"
    assert table_units(text, markup="markdown") == [
        ("caption", "Table 2. Ships (number)"),
        ("header", "Port\t2000\t2005"),
        ("row", "Asahi\t5\t6*"),
        ("row", "Bora\t0.731***\t8"),
        ("note", "Notes and source: Harbour Office. [§2, Table 2]"),
    ]


def test_significance_notes_under_a_table_are_kept():
    notes = "Note: *** means significant at 1% level\n* means significant at 10% level"
    text = f"Table 7 Ties\n\n\tYouth\tAge\nPilots\t0.203\t0.528***\nSailors\t0.1\t0.2*\n\n{notes}\n\nProse goes on."
    assert table_units(text)[-4:] == [
        ("row", "Pilots\t0.203\t0.528***"),
        ("row", "Sailors\t0.1\t0.2*"),
        ("note", "Note: *** means significant at 1% level"),
        ("note", "* means significant at 10% level"),
    ]


def test_a_row_can_be_quoted_alone_with_its_group_label():
    text = "Table 2 Workers\n\nCountry\tTrade\tWorkers\nSingapore\tTotal\t1,157\n\tService\t313\n\nSource: me"
    row = next(unit for passage in passages(text) for unit in passage.units if "Service" in unit.text)
    assert row.text == "Singapore\tService\t313"
    assert [text[s:e] for s, e in row.segments] == ["Singapore", "\tService\t313"]


def test_rows_one_cell_short_stay_as_they_are():
    units = table_units("Table 1 Ships\n\nYear\tShips\tChange\n1988\t45\t+ 8.1\n1987\t42\n\nSource: me")
    assert ("row", "1987\t42") in units


def test_double_spaced_rows_are_one_table():
    text = "Table 1 Ships\n\nPort\tShips\n\nAsahi\t5\n\nBora\t6\n\nProse goes on."
    assert table_units(text) == [("caption", "Table 1 Ships"), ("header", "Port\tShips"), ("row", "Asahi\t5"), ("row", "Bora\t6")]


def test_a_page_break_inside_a_table_does_not_end_it():
    text = "Table 1 Ships\n\nPort\tShips\nAsahi\t5\nBora\t6\n\f\nCiro\t7\nDora\t8\n\nSource: me"
    assert [text for kind, text in table_units(text) if kind == "row"] == ["Asahi\t5", "Bora\t6", "Ciro\t7", "Dora\t8"]


def test_two_tables_stay_two():
    text = "Port\tShips\nAsahi\t5\nBora\t6\n\nPort\tPilots\nAsahi\t7\nBora\t8"
    assert [kind for kind, _ in blocks(text)] == ["table", "table"]
