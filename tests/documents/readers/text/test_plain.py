import re
from pathlib import Path

import pytest

from askjapan.documents.readers.text.plain import read_plain
from askjapan.errors import CatalogueError, DamagedFile, ReadingError, UnreadableText, WrongFormat
from askjapan.readings import Reading
from tests.support.sayings import told

SHARED = Path(__file__).resolve().parents[5] / "shared"
MARKED = re.compile(r"\]\(|<http")
JAPANESE = "青海港は二〇〇九年に南の三つの町と協定を結び、漁業と教育の交流を始めた。"
FRENCH = "L’été dernier, les élèves du collège ont visité la forêt près du port où ils ont mangé des gâteaux à la crème."
GERMAN = "Die Städte am Meer schließen Verträge über größere Übungen für ältere Bürger."
QUOTES = "The mayor said: “We’ll come – to the café”. It cost £5, see §2; the water had 10 °C…"


def file(folder: Path, data: bytes | str, name: str = "work.txt") -> Path:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def test_the_text_is_the_file_character_for_character(tmp_path):
    raw = "One\r\ntwo\rthree\n\n\ttabbed  twice \x0c next page\u2028 青海港\u3000。\n"
    assert read_plain(file(tmp_path, raw)) == Reading(raw, "plain")


@pytest.mark.parametrize(
    ("encoding", "bom", "name"),
    [
        ("utf-8", b"\xef\xbb\xbf", ""),
        ("utf-16-le", b"\xff\xfe", "UTF-16"),
        ("utf-16-be", b"\xfe\xff", "UTF-16"),
        ("utf-32-le", b"\xff\xfe\x00\x00", "UTF-32"),
    ],
)
def test_a_byte_order_mark_is_believed_and_dropped(tmp_path, encoding, bom, name):
    reading = read_plain(file(tmp_path, bom + f"The port.\r\n{JAPANESE}".encode(encoding)))
    assert reading.text == f"The port.\r\n{JAPANESE}"
    assert told(reading.warnings) == ((f"work.txt is not UTF-8; it was read as {name}.",) if name else ())


@pytest.mark.parametrize(
    ("text", "encoding", "name"),
    [
        (JAPANESE, "cp932", "Shift_JIS"),
        ("港の町", "cp932", "Shift_JIS"),
        ("The town of Aomi (青海の町) signed a pact.\r\n", "cp932", "Shift_JIS"),
        ("①の協定は㈱青海が結んだ。", "cp932", "Shift_JIS"),
        (JAPANESE, "euc_jp", "EUC-JP"),
        ("港の町", "euc_jp", "EUC-JP"),
        (JAPANESE, "iso2022_jp", "ISO-2022-JP"),
        ("町は ｱｵﾐ と呼ばれた。", "iso2022_jp_ext", "ISO-2022-JP"),
        (FRENCH, "cp1252", "Windows-1252"),
        (GERMAN, "cp1252", "Windows-1252"),
        (QUOTES, "cp1252", "Windows-1252"),
        ("A café.", "cp1252", "Windows-1252"),
        ("The harbour office counted its visitors every spring. " * 40 + "It paid £5.", "cp1252", "Windows-1252"),
        ("Gdańsk i Łódź podpisały umowę o współpracy; żółta łódź płynie po Wiśle.", "cp1250", "Windows-1250"),
        ("Мягкая сила портовых городов: роль культуры, образования и помощи развитию.", "cp1251", "Windows-1251"),
        ("Мягкая сила портовых городов: роль культуры, образования и помощи развитию.", "koi8_r", "KOI8-R"),
        ("港口城市的地方政府与南方的城市建立了友好关系，双方在教育和文化领域开展合作。", "gb18030", "GB 18030"),
        ("항구 도시의 지방 정부는 남쪽 도시와 자매 결연을 맺고 교육과 문화 분야에서 협력하고 있다.", "cp949", "EUC-KR"),
    ],
    ids=lambda value: value[:12],
)
def test_other_encodings_come_out_right_and_are_named(tmp_path, text, encoding, name):
    reading = read_plain(file(tmp_path, text.encode(encoding)))
    assert reading.text == text
    assert told(reading.warnings) == (f"work.txt is not UTF-8; it was read as {name}.",)


def test_a_few_damaged_bytes_do_not_make_noise_of_the_rest(tmp_path):
    data = f"{JAPANESE}\n".encode() + b"\xe3\x81" + f"\n{JAPANESE}".encode()
    reading = read_plain(file(tmp_path, data))
    assert reading.text == f"{JAPANESE}\n\ufffd\n{JAPANESE}"
    assert told(reading.warnings) == (
        "work.txt is not valid UTF-8 in 1 place; each is read as the replacement character U+FFFD.",
    )


def test_utf16_that_is_cut_in_a_character(tmp_path):
    reading = read_plain(file(tmp_path, b"\xff\xfe" + "港の町".encode("utf-16-le")[:-1]))
    assert reading.text == "港の\ufffd"
    assert told(reading.warnings) == (
        "work.txt is not valid UTF-16 in 1 place; each is read as the replacement character U+FFFD.",
    )


def test_terminal_escapes_are_not_taken_for_japanese(tmp_path):
    raw = "\x1b[1mPorts\x1b(B and 港 \x1b$\n"
    assert read_plain(file(tmp_path, raw)) == Reading(raw, "plain")


@pytest.mark.parametrize(
    ("name", "text", "markup"),
    [
        ("a.md", "No heading at all.", "markdown"),
        ("a.MARKDOWN", "No heading at all.", "markdown"),
        ("a.txt", "\n# The port\n\nText.", "markdown"),
        ("a.txt", "Text.\n\n## One\n\nText.\n\n### Two\n", "markdown"),
        ("a.txt", "Text.\n\n# a remark\n\nText.", "plain"),
        ("a.txt", "#harbour #boats\n#towns", "plain"),
        ("a.txt", "---\ntitle: Ports\n---\n# The port\n", "markdown"),
    ],
)
def test_markdown_is_known_by_name_or_by_headings(tmp_path, name, text, markup):
    assert read_plain(file(tmp_path, text, name)).markup == markup


def test_front_matter_gives_facts_and_is_furniture(tmp_path):
    front = (
        "---\nwork: aomi-ports\nTitle: 'Ports: a study'\nauthors:\n  - Jane Porter\n  - 森 健二\nyear: 2009\n"
        "language: en\nvenue: Quay Review\nkind: study note\ndraft: no\nnumber: 007\nempty:\n---  \n"
    )
    reading = read_plain(file(tmp_path, front + "\n# Ports\n\n---\n\nText.\n", "note.md"))
    assert reading == Reading(
        front + "\n# Ports\n\n---\n\nText.\n",
        "markdown",
        facts={
            "work": "aomi-ports",
            "title": "Ports: a study",
            "authors": "Jane Porter; 森 健二",
            "year": "2009",
            "language": "en",
            "venue": "Quay Review",
            "kind": "study note",
            "draft": "no",
            "number": "007",
        },
        facts_from="front matter",
        furniture=((0, len(front)),),
    )


def test_other_names_for_a_fact_and_the_year_of_a_date(tmp_path):
    raw = "\ufeff---\r\nauthor: Jane Porter\r\nlang: en\r\njournal: Quay Review\r\ndate: 2014-01-21\r\n...\r\nText."
    reading = read_plain(file(tmp_path, raw, "note.md"))
    assert reading.facts == {
        "authors": "Jane Porter",
        "language": "en",
        "venue": "Quay Review",
        "date": "2014-01-21",
        "year": "2014",
    }
    assert [reading.text[start:end] for start, end in reading.furniture] == [raw[1:-5]]


def test_nested_fields_are_left_out_with_a_warning(tmp_path):
    reading = read_plain(file(tmp_path, "---\ntitle: Ports\nformat:\n  html: yes\n---\nText.", "note.md"))
    assert reading.facts == {"title": "Ports"}
    assert told(reading.warnings) == ("note.md: the front-matter fields format are nested and were left out.",)


@pytest.mark.parametrize(
    "text", ["---\nA line between rules.\n---\nText.", "-----\ntitle: no\n-----\n", "Text.\n---\ntitle: no\n---\n"]
)
def test_rules_are_not_taken_for_front_matter(tmp_path, text):
    reading = read_plain(file(tmp_path, text, "note.md"))
    assert (reading.text, dict(reading.facts), reading.facts_from, reading.furniture) == (text, {}, "", ())


def test_empty_front_matter_is_furniture_without_facts(tmp_path):
    reading = read_plain(file(tmp_path, "---\n---\nText.", "note.md"))
    assert (dict(reading.facts), reading.facts_from, reading.furniture) == ({}, "", ((0, 8),))


def test_broken_front_matter_names_the_file_and_the_line(tmp_path):
    with pytest.raises(CatalogueError) as caught:
        read_plain(file(tmp_path, "---\nlanguage: en\ntitle: Ports: a study\n---\nText.", "note.md"))
    assert str(caught.value) == (
        "The front matter of note.md is not valid YAML: mapping values are not allowed here (line 3). "
        "Correct the lines between the two `---`; a value with a colon in it needs quotes."
    )


@pytest.mark.parametrize(
    ("text", "warned"),
    [
        ("---\ntitle: Ports\n\n# Ports\n\nText.", True),
        ("---\nDate: 3 May 1994. Meeting of the league\n\nThe ferry will cost 40 million yen.\n", True),
        ("---\nNote: typed from the minutes.\n\nThe league voted.\n", False),
        ("---\nNote: typed from the minutes.\n---\nThe league voted.\n", False),
        ("---\nDate: 3 May 1994. Meeting\n\nThe league voted for a new ferry.\n\n---\n\nNext item.\n", True),
        ("---\n議事録：港湾連盟\n\n連盟は新しいフェリーに賛成した。\n", False),
    ],
)
@pytest.mark.parametrize("name", ["note.md", "note.txt"])
def test_a_rule_that_opens_no_front_matter_is_text(tmp_path, text, warned, name):
    reading = read_plain(file(tmp_path, text, name))
    assert (reading.text, dict(reading.facts), reading.furniture) == (text, {}, ())
    warning = f"{name}: the lines under its opening `---` are no front matter and were read as text."
    assert told(reading.warnings) == ((warning,) if warned else ())


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "work.txt holds no text: it is empty."),
        (b" \r\n\t\n", "work.txt holds no text."),
        (b"\xef\xbb\xbf", "work.txt holds no text."),
        (b"---\ntitle: Ports\n---\n\n", "work.txt holds no text besides its front matter."),
    ],
)
def test_files_without_text(tmp_path, data, message):
    with pytest.raises(DamagedFile) as caught:
        read_plain(file(tmp_path, data))
    assert caught.value.message == message


@pytest.mark.parametrize(
    ("data", "name", "message"),
    [
        (b"Text\x00text", "a.txt", "a.txt is not text: it holds binary data."),
        (bytes(range(1, 32)) * 9, "a.txt", "a.txt is not text: it holds binary data."),
        (b"\xff\xfe" + "Text\x00text".encode("utf-16-le"), "a.txt", "a.txt is not text: it holds binary data."),
        (b"%PDF-1.7\n%\xe2\xe3", "a.txt", "a.txt is not a text file: it seems to be a PDF."),
        (b"%PDF-1.7\n%\xe2\xe3", "a.md", "a.md is not a Markdown file: it seems to be a PDF."),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "a.txt", "a.txt is not a text file: it seems to be a JPEG picture."),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "a.txt", "a.txt is not a text file: it seems to be a WebP picture."),
        (b"{\\rtf1\\ansi Ports}", "a.txt", "a.txt is not a text file: it seems to be an RTF document."),
        (b"PK\x03\x04broken", "a.txt", "a.txt is not a text file: it seems to be a ZIP archive."),
        (b"\xef\xbb\xbf\n<!DOCTYPE html><p>Ports", "a.txt", "a.txt is not a text file: it seems to be an HTML page."),
    ],
)
def test_files_that_are_not_what_their_name_says(tmp_path, data, name, message):
    with pytest.raises(WrongFormat) as caught:
        read_plain(file(tmp_path, data, name))
    assert caught.value.message == message
    assert caught.value.remedy == "Give the file the ending of what it is, or export it again."


def test_bytes_that_fit_no_encoding(tmp_path):
    with pytest.raises(UnreadableText) as caught:
        read_plain(file(tmp_path, b"\x8d\x9d\x8d\xa0\xfd\x90\x81\xff\xfe" * 5))
    assert str(caught.value) == "The encoding of work.txt cannot be found out. Save it again as UTF-8 and add that."


@pytest.mark.shared
def test_full_texts_are_read_as_they_are_but_for_the_addresses_of_links():
    if not SHARED.is_dir():
        pytest.skip("the full texts are not here")
    for path in sorted((SHARED / "corpus").glob("*.txt")):
        raw, text = path.read_bytes().decode(), read_plain(path).text
        assert len(text) == len(raw)
        assert [line for line in raw.split("\n") if not MARKED.search(line)] == [
            line for line, old in zip(text.split("\n"), raw.split("\n"), strict=True) if not MARKED.search(old)
        ]


def test_a_text_that_is_larger_than_its_share_of_memory_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setenv("ASKJAPAN_READING_MEGABYTES", "256")
    large = file(tmp_path, b"")
    with large.open("r+b") as stream:
        stream.truncate(30_000_000)
    with pytest.raises(ReadingError) as caught:
        read_plain(large)
    assert str(caught.value) == (
        "work.txt has 30 megabytes; a text of more than 26 is not read. "
        "Split it, or raise the setting `reading_megabytes`, of which it may have a tenth."
    )
    with large.open("r+b") as stream:
        stream.truncate(25_600_000)
    with pytest.raises(WrongFormat):
        read_plain(large)
