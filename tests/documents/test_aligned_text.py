"""Tables that spaces align in a text file: their rows, header, caption and offsets; and what is no table and stays as it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from askjapan.documents.blocks import Block, blocks_of
from askjapan.documents.readers import read_here
from askjapan.documents.tables import cells, row_text
from askjapan.readings import Reading, Segment

PROSE = "The harbour office counts its ships every winter and prints the figures in a small book.\n"

SHIPS = f"""{PROSE}
Table 1. Ships and guests of four harbours
                Ships (number)              Guests
Harbour      Steam     Sail     Total   (thousand)
--------------------------------------------------
Asahi          120       14       134          1.5
Bora            65        -        65
Ciro            77        8        85         10.0
Dessa        1,040      212     1,252         12.5
--------------------------------------------------
Source: Harbour Office.

{PROSE}"""

JAPANESE = """港の人口は次の表のとおりである。

表１　外国人住民の数
国籍　　　　　　２０１９年　２０２１年　備考
ブラジル　　　　１，２０４　　　９８８　減少
フィリピン　　　　　７７０　　　８１５　増加
ベトナム　　　　　　３４２　　　９０１　急増
資料：市民課
"""

SOCIETIES = f"""{PROSE}
Table 2: Who they are

Name               Founded    Purpose
Lamp Fund          1971       Light for village schools
Well Diggers       1985       Drinking water
Open Harbour       1990       Repair of boats and
                              nets
Loom House         2004       Cloth from the hills

{PROSE}"""


def read(folder: Path, text: str) -> Reading:
    path = folder / "work.txt"
    path.write_bytes(text.encode())
    reading = read_here(path)
    assert len(reading.text) == len(text)
    return reading


def table(reading: Reading) -> Block:
    [block] = [block for block in blocks_of(reading) if block.kind == "table"]
    return block


def shown(text: str, segments: tuple[Segment, ...]) -> list[str]:
    return [row_text(text[start:end]) for start, end in segments]


def rows(reading: Reading) -> list[str]:
    found = table(reading).table
    assert found is not None
    return shown(reading.text, tuple(row.segments[-1] for row in found.rows))


def test_a_header_of_two_lines_spans_columns_and_is_told_by_its_rule(tmp_path):
    reading = read(tmp_path, SHIPS)
    found = table(reading).table
    assert shown(reading.text, found.caption) == ["Table 1. Ships and guests of four harbours"]
    assert shown(reading.text, found.header) == ["\tShips (number)\t\t\tGuests", "Harbour\tSteam\tSail\tTotal\t(thousand)"]
    assert rows(reading) == [
        "Asahi\t120\t14\t134\t1.5",
        "Bora\t65\t-\t65",
        "Ciro\t77\t8\t85\t10.0",
        "Dessa\t1,040\t212\t1,252\t12.5",
    ]
    assert shown(reading.text, found.notes) == ["Source: Harbour Office."]


def test_every_other_character_keeps_its_place(tmp_path):
    text = SHIPS.replace("\n", "\r\n")
    changed = read(tmp_path, text).text
    assert {(one, other) for one, other in zip(text, changed, strict=True) if one != other} == {
        (" ", "\t"), ("-", "|"), ("-", " "),
    }  # fmt: skip
    assert {line.count("\t") for line in changed.split("\r\n") if "\t" in line and not line.startswith("Bora")} == {4}
    at = text.index("1,040")
    assert changed[at : at + 5] == "1,040"


def test_japanese_letters_are_two_columns_wide(tmp_path):
    reading = read(tmp_path, JAPANESE)
    found = table(reading).table
    assert shown(reading.text, found.caption) == ["表１ 外国人住民の数"]
    assert shown(reading.text, found.header) == ["国籍\t２０１９年\t２０２１年\t備考"]
    assert rows(reading) == [
        "ブラジル\t１，２０４\t９８８\t減少",
        "フィリピン\t７７０\t８１５\t増加",
        "ベトナム\t３４２\t９０１\t急増",
    ]
    assert shown(reading.text, found.notes) == ["資料：市民課"]


def test_wide_and_narrow_letters_stand_under_one_another(tmp_path):
    text = "港        隻数   人口\n青海       120  1,204\nA港         35     77\nひかり港     8    342\n"
    reading = read(tmp_path, text)
    assert [[cell for cell, _ in cells(line)] for line in reading.text.splitlines()] == [
        ["港", "隻数", "人口"], ["青海", "120", "1,204"], ["A港", "35", "77"], ["ひかり港", "8", "342"],
    ]  # fmt: skip


def test_a_table_of_words_keeps_a_cell_that_is_wrapped(tmp_path):
    reading = read(tmp_path, SOCIETIES)
    found = table(reading).table
    assert shown(reading.text, found.caption) == ["Table 2: Who they are"]
    assert shown(reading.text, found.header) == ["Name\tFounded\tPurpose"]
    assert rows(reading) == [
        "Lamp Fund\t1971\tLight for village schools",
        "Well Diggers\t1985\tDrinking water",
        "Open Harbour\t1990\tRepair of boats and",
        "\t\tnets",
        "Loom House\t2004\tCloth from the hills",
    ]


@pytest.mark.parametrize(
    "header",
    [
        "Harbour     Ships  Guests\n",
        "==========  =====  ======\nHarbour     Ships  Guests\n==========  =====  ======\n",
        "            Ships and guests\nHarbour     Ships  Guests\n-------------------------\n",
    ],
)
def test_a_header_is_the_last_line_above_figures(tmp_path, header):
    text = f"{header}Asahi         120      14\nBora           65       7\nCiro            8       9\nAll           193      30\n"
    reading = read(tmp_path, text)
    found = table(reading).table
    assert shown(reading.text, found.header)[-1] == "Harbour\tShips\tGuests"
    assert rows(reading) == ["Asahi\t120\t14", "Bora\t65\t7", "Ciro\t8\t9", "All\t193\t30"]


def test_a_unit_stands_above_the_header_and_is_not_of_it(tmp_path):
    text = (
        "表２　港の船\n　　　　　　　　　　（単位：隻）\n港　　　　２０１９年　２０２１年\n青海　　　　　１２０　　　１３４\n"
        "赤浜　　　　　　６５　　　　７０\n白崎　　　　　　　８　　　　　９\n"
    )
    reading = read(tmp_path, text)
    found = table(reading).table
    assert shown(reading.text, found.caption) == ["表２ 港の船（単位：隻）"]
    assert shown(reading.text, found.header) == ["港\t２０１９年\t２０２１年"]
    assert rows(reading) == ["青海\t１２０\t１３４", "赤浜\t６５\t７０", "白崎\t８\t９"]


def test_a_rule_above_the_sum_is_no_rule_under_a_header(tmp_path):
    text = "Harbour  Ships\nAsahi      120\nBora        65\nCiro         8\n--------------\nAll        193\n"
    reading = read(tmp_path, text)
    assert shown(reading.text, table(reading).table.header) == ["Harbour\tShips"]
    assert rows(reading) == ["Asahi\t120", "Bora\t65", "Ciro\t8", "All\t193"]


NO_TABLES = {
    "two spaces behind full stops": "He came by ship.  Nobody saw him.  He left.\nThe town was asleep.  The pier was\nempty.  Snow fell.  "
    "It was the third day.\nHe wrote it down.  Then he slept.\n",
    "two columns of prose": "The harbour was opened in     ships from the north came\n"
    "1899 by the governor, who     every week with timber, so\n"
    "had seen the bay on a trip    that the town grew quickly\nto the north. After that      and built a second quay.\n",
    "three columns of prose": "the harbour was     ships came every    in the end the\n"
    "opened by the       week with wood      town built a new\n"
    "old governor who    and coal so that    quay for ferries\nliked the bay       the town grew       and for guests\n",
    "verse": "The sea is grey,\n    the gulls are white,\nthe boats come home\n    before the night.\n",
    "verse with a pause": "Grey was the water      gulls cried above it\nCold was the harbour    quiet the keeper\n"
    "Long was the winter     lamps in the window\nSlow came the morning   sails in the distance\n",
    "contents with leaders": "1.  Harbours ........ 3\n2.  Ships ........... 12\n3.  Guests .......... 25\n4.  Figures ......... 31\n",
    "contents without leaders": "The harbour       3\nShips            12\nGuests           25\nFigures          31\n",
    "code": "width   = 12       # columns\nheight  = 300      # rows\nlong    = 400      # characters\nleast   = 3        # lines\n",
    "a letterhead": "Harbour Office              Telephone 0123 45\n1 Quay Street          harbour@example.org\nAsahi 030\n"
    "                Dear Sir,\n",
    "an address beside another": "Harbour Office        Mr A. Sato\n1 Quay Street         2 Hill Road\nAsahi 030             Bora 040\n",
    "a list with a hanging indent": "(a)  the harbour office, which counts\n     its ships,\n(b)  the town hall,\n(c)  the school.\n",
    "terms and what they mean": "quay       where ships are tied up\nberth      a place at a quay\nferry      a ship that comes back\n",
    "Japanese articles": "第１条　　名称　　　本会は港友会と称する。\n第２条　　事務所　　本会は市役所に事務所を置く。\n"
    "第３条　　目的　　　本会は港の友好を目的とする。\n",
    "Japanese verse": "春の海　　　ひねもすのたり\n夏の浜　　　子らの声する\n秋の空　　　雁の渡りて\n",
    "names under a letter": "A. Sato           B. Berg          C. Okada\nMayor             Governor         Chairman\n"
    "Asahi             Bora             Ciro\n",
    "rows under the name of a group": "Harbour       Ships   Guests\nNorth\n  Asahi         120       14\n  Bora           65        7\n"
    "  Dessa          12        3\nSouth\n  Ciro            8        9\n  Ebba            7        6\n  Fiona           5        2\n",
    "two rows": "Harbour   Ships   Guests\nAsahi       120       14\nBora         65        7\n",
    "tabs": "Harbour\tShips  now   Guests\nAsahi\t12   13    14\nBora\t3    4    5\nCiro\t3    4    5\n",
    "bars": "| Harbour   | Ships |\n| Asahi     |   120 |\n| Bora      |    65 |\n| Ciro      |     8 |\n",
    "long lines": "".join(f"{name}{' ' * 390}{number}   {number}\n" for name, number in (("Asahi", 120), ("Bora", 65), ("Ciro", 8))),
}  # fmt: skip


@pytest.mark.parametrize("name", NO_TABLES)
def test_what_is_no_table_stays_as_it_is(tmp_path, name):
    assert read(tmp_path, NO_TABLES[name]).text == NO_TABLES[name]


def test_markdown_stays_as_it_is(tmp_path):
    text = f"# Ships\n\n{SHIPS}"
    assert read(tmp_path, text).text == text
