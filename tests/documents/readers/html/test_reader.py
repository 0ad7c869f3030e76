"""Web pages as files: encodings, metadata, titles, and files that are none."""

from __future__ import annotations

import socket

import pytest

from askjapan.documents.readers.html.reader import read_html
from askjapan.errors import DamagedFile, WrongFormat
from tests.support.sayings import told
from tests.support.web_pages import FIRST, JAPANESE, SECOND, file, page, text_of

NO_MAIN_TEXT = (
    "page.html has no main text: nothing is left without its menus. If the page is filled in by a script, save it from the "
    "browser when its text is shown, and add that."
)


def test_xhtml_with_empty_elements_is_not_swallowed(tmp_path):
    xhtml = (
        '<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://invalid/x.dtd">'
        '<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="en"><head><title/><script src="x.js"/></head>'
        f'<body><p><a id="top"/>{FIRST}</p><div class="gap"/><p>Five&nbsp;boats&mdash;{SECOND}</p></body></html>'
    )
    reading = read_html(file(tmp_path, xhtml, "page.xhtml"))
    assert reading.text == f"{FIRST}\n\nFive\xa0boats—{SECOND}"
    assert reading.facts == {"language": "en"}


def test_control_characters_are_dropped(tmp_path):
    body = f"<p>The\x0cport\x02 of<nav>x</nav>\x1f Aomi. {FIRST}</p><p>{SECOND}</p>"
    assert text_of(tmp_path, body) == f"The port of Aomi. {FIRST}\n\n{SECOND}"


def test_entities_reach_no_file(tmp_path):
    (tmp_path / "secret.txt").write_text("the secret")
    xhtml = (
        f'<?xml version="1.0"?><!DOCTYPE html [<!ENTITY secret SYSTEM "{(tmp_path / "secret.txt").as_uri()}">]>'
        f'<html xmlns="http://www.w3.org/1999/xhtml"><body><p>{FIRST} &secret; {SECOND}</p></body></html>'
    )
    assert "the secret" not in read_html(file(tmp_path, xhtml)).text


@pytest.mark.parametrize(
    ("head", "encoding", "bom", "warnings"),
    [
        ('<meta charset="Shift_JIS">', "cp932", b"", ()),
        ('<meta http-equiv="Content-Type" content="text/html; charset=EUC-JP">', "euc_jp", b"", ()),
        ('<meta http-equiv="Content-Type" content="text/html; charset=iso-2022-jp">', "iso2022_jp", b"", ("ISO-2022-JP",)),
        ('<meta charset="Shift_JIS">', "utf-8", b"\xef\xbb\xbf", ()),
        ('<meta charset="no-such-thing">', "utf-8", b"", ()),
        ("", "utf-16-le", b"\xff\xfe", ("UTF-16",)),
        ("", "cp932", b"", ("Shift_JIS",)),
        ('<meta charset="utf-8">', "euc_jp", b"", ("EUC-JP",)),
    ],
)
def test_the_encoding_is_that_of_the_bom_the_meta_or_the_bytes(tmp_path, head, encoding, bom, warnings):
    html = f"<html><head>{head}<title>港</title></head><body><p>{JAPANESE}</p><p>五年後、取引は三倍になった。</p></body></html>"
    reading = read_html(file(tmp_path, bom + html.encode(encoding)))
    assert reading.text == f"{JAPANESE}\n\n五年後、取引は三倍になった。"
    assert reading.facts["title"] == "港"
    assert told(reading.warnings) == tuple(f"page.html is not UTF-8; it was read as {name}." for name in warnings)


def test_a_declared_encoding_is_believed_where_the_bytes_would_not_tell(tmp_path):
    html = "<html><head><meta charset=windows-1257></head><body><p>Jūra ir uostas, žuvys.</p></body></html>"
    reading = read_html(file(tmp_path, html.encode("cp1257")))
    assert (reading.text, told(reading.warnings)) == ("Jūra ir uostas, žuvys.", ())


def test_metadata_for_scholars_come_first(tmp_path):
    head = (
        '<title>Download | Quay Press</title><meta name="citation_title" content="Ports of the  South">'
        '<meta name="citation_author" content="Mori, Kenji"><meta name="citation_author" content="Porter, Jane">'
        '<meta name="citation_publication_date" content="2014/03/09"><meta name="citation_journal_title" content="Quay Review">'
        '<meta name="author" content="The webmaster"><meta property="og:site_name" content="Quay Press">'
    )
    assert read_html(file(tmp_path, page(f"<h1>Download</h1><p>{FIRST}</p><p>{SECOND}</p>", head))).facts == {
        "title": "Ports of the South",
        "authors": "Mori, Kenji; Porter, Jane",
        "venue": "Quay Review",
        "year": "2014",
        "date": "2014-03-09",
    }


@pytest.mark.parametrize(
    ("head", "body", "date"),
    [
        ('<meta name="DC.date" content="2011">', "", {"year": "2011"}),
        ('<meta property="article:published_time" content="2012-06-07T08:09:10Z">', "", {"year": "2012", "date": "2012-06-07"}),
        (
            '<script type="application/ld+json">{"@type": "Article", "datePublished": "2013-01-02"}</script>',
            "",
            {"year": "2013", "date": "2013-01-02"},
        ),
        ("", '<time itemprop="datePublished" datetime="2010-10-11">long ago</time>', {"year": "2010", "date": "2010-10-11"}),
        ('<meta name="date" content="in spring">', "<p>Updated on 2019-08-07. Copyright 2020.</p>", {}),
    ],
)
def test_a_date_is_a_stated_one(tmp_path, head, body, date):
    facts = read_html(file(tmp_path, page(f"<p>{FIRST}</p><p>{SECOND}</p>{body}", head))).facts
    assert {name: value for name, value in facts.items() if name in ("year", "date")} == date


def test_the_title_loses_the_name_of_its_site(tmp_path):
    head = '<title>Ports - a study | Quay Review</title><meta property="og:site_name" content="Quay Review">'
    assert read_html(file(tmp_path, page(f"<p>{FIRST}</p>", head))).facts["title"] == "Ports - a study"


@pytest.mark.parametrize(
    "html",
    [
        page('<nav><a href="/">Home</a></nav><img src="a.png">'),
        page('<div class="menu"><a href="/">Home</a> <a href="/b">Books</a></div>'),
        page('<div id="root"></div><script>var text = "Filled in later, with many words.";</script>'),
        page(""),
        "<html></html>",
        "<!DOCTYPE html><!-- nothing -->",
    ],
)
def test_pages_without_main_text(tmp_path, html):
    with pytest.raises(DamagedFile) as caught:
        read_html(file(tmp_path, html))
    assert str(caught.value) == NO_MAIN_TEXT


def test_an_empty_file(tmp_path):
    with pytest.raises(DamagedFile) as caught:
        read_html(file(tmp_path, b""))
    assert caught.value.message == "page.html holds no text: it is empty."


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"%PDF-1.4\n", "page.html is not an HTML page: it seems to be a PDF."),
        (b"\x89PNG\r\n\x1a\n\x00", "page.html is not an HTML page: it seems to be a PNG picture."),
        (b"Only words, 3 < 5.", "page.html is not an HTML page: it seems to be plain text."),
        (b"<html>\x00</html>", "page.html is not text: it holds binary data."),
    ],
)
def test_files_that_are_no_page(tmp_path, data, message):
    with pytest.raises(WrongFormat) as caught:
        read_html(file(tmp_path, data))
    assert caught.value.message == message


def test_elements_nested_too_deep_are_refused_and_not_cut(tmp_path):
    with pytest.raises(DamagedFile) as caught:
        read_html(file(tmp_path, page("<div>" * 300 + FIRST)))
    assert caught.value.message == "page.html cannot be read: its elements are nested more than 150 deep."
    assert text_of(tmp_path, "<font>" * 300 + f"<p>{FIRST}</p>") == FIRST


def test_nothing_is_fetched(tmp_path, monkeypatch):
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    head = '<link rel="stylesheet" href="http://invalid/x.css"><base href="http://invalid/"><link rel="canonical" href="http://invalid">'
    html = page(f'<p>{FIRST}<img src="http://invalid/x.png"></p><iframe src="http://invalid/"></iframe><p>{SECOND}</p>', head)
    assert read_html(file(tmp_path, html)).text == f"{FIRST}\n\n{SECOND}"
