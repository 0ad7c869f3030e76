"""Web pages: their main text, tables, notes, and what is not shown."""

from __future__ import annotations

import pytest

from askjapan.documents.readers.html.reader import read_html
from askjapan.documents.readers.markup.trees import parse_page
from tests.support.sayings import told
from tests.support.web_pages import FIRST, JAPANESE, SECOND, file, page, text_of


def test_a_page_becomes_its_main_text_and_facts(tmp_path):
    reading = read_html(
        file(
            tmp_path,
            page(
                f"""
<div id="cookie-consent"><p>We use cookies to make this site work. Do you accept all of them?</p><button>Accept</button></div>
<nav><ul><li><a href="/">Home</a></li><li><a href="/about">About us</a></li></ul></nav>
<header><a href="/">Quay Review logo</a></header>
<article>
  <h1>Harbour towns<sup>*</sup></h1>
  <div class="share"><a href="#">Share this</a></div>
  <p>{FIRST}<sup>1</sup> It was <em>renewed</em> in <time>May 2014</time> [see Table 1].</p>
  <h2>What it brought</h2>
  <p>{SECOND}<sup><a href="#n2">2</a></sup></p>
  <ul><li>teachers</li><li>a <b>joint</b> market<ul><li>in May</li><li>in June</li></ul></li></ul>
  <ol start="3"><li>a treaty</li><li>a budget</li></ol>
  <table><caption>Table 1. Visitors</caption>
    <thead><tr><th>Year</th><th>Visitors</th><th>From|to</th></tr></thead>
    <tbody><tr><td>2009</td><td>1,200</td><td></td></tr><tr><td>2014</td><td>800<br>(estimate)</td><td>a|b</td></tr></tbody>
  </table>
  <h3>Notes</h3>
  <p><sup>1</sup> Aomi City, Annual Report, 2010.</p>
  <p id="n2"><a href="#r2">2.</a> Same report, p. 14. <a href="#r2">↩</a></p>
</article>
<aside><h3>Related articles</h3><ul><li><a href="/x">Ten lighthouses you must see</a></li></ul></aside>
<footer><p>Copyright 2020 Quay Review. All rights reserved.</p></footer>
<script>var text = "never shown";</script>""",
                """<title>Harbour towns | Quay Review</title><meta name="author" content="Jane Porter">
<meta property="og:site_name" content="Quay Review"><meta name="date" content="2016-05-04">""",
                ' lang="en-GB"',
            ),
        )
    )
    assert reading.text == "\n\n".join(
        [
            "# Harbour towns[^*]",
            f"{FIRST}[^1] It was renewed in May 2014 [see Table 1].",
            "## What it brought",
            f"{SECOND}[^2]",
            "- teachers\n- a joint market\n  - in May\n  - in June",
            "3. a treaty\n4. a budget",
            "Table 1. Visitors",
            "| Year | Visitors | From\\|to |\n| --- | --- | --- |\n| 2009 | 1,200 |  |\n| 2014 | 800 (estimate) | a\\|b |",
            "### Notes",
            "[^1] Aomi City, Annual Report, 2010.",
            "[^2]: Same report, p. 14.",
        ]
    )
    assert reading.facts == {
        "title": "Harbour towns",
        "authors": "Jane Porter",
        "venue": "Quay Review",
        "year": "2016",
        "date": "2016-05-04",
        "language": "en",
    }
    assert (reading.markup, reading.facts_from, told(reading.warnings)) == ("markdown", "the page's metadata", ())


def test_no_word_of_a_sentence_is_lost(tmp_path):
    body = (
        f"<p>In <time>May 2009</time> the <label>town</label> of <ruby>青海<rt>あおみ</rt></ruby> signed the "
        f"<abbr>EU</abbr> papers, H<sub>2</sub>O and 10<sup>3</sup> boats.<br>{SECOND}</p>"
        f"<div>Text beside a block, <b>in part bold</b>.<p>{FIRST}</p>and text after it.</div>"
        f"<figure><img src='x.png' alt='no'><figcaption>Figure 1. The quay.</figcaption></figure>"
        f"<blockquote><p>We counted.</p></blockquote>"
        f"<dl><dt>Guest</dt><dd>one who sleeps in the town</dd></dl><p># 1 of the ports<br># 2 of them #</p>"
        "<p>&gt; 5 boats</p><p>| a bar</p>"
    )
    assert text_of(tmp_path, body) == "\n\n".join(
        [
            f"In May 2009 the town of 青海 signed the EU papers, H2O and 10^3 boats.\n{SECOND}",
            "Text beside a block, in part bold.",
            FIRST,
            "and text after it.",
            "Figure 1. The quay.",
            "> We counted.",
            "Guest",
            "one who sleeps in the town",
            "\\# 1 of the ports\n\\# 2 of them #",
            "\\> 5 boats",
            "\\| a bar",
        ]
    )


def test_a_short_japanese_page_without_semantic_elements(tmp_path):
    reading = read_html(
        file(
            tmp_path,
            page(
                """<div id="menu"><ul><li><a href="/">ホーム</a></li><li><a href="/a">会社案内</a></li></ul></div>
<div id="content"><h1>青海港の姉妹都市</h1><p>　青海港は二〇〇九年に南の三つの町と協定を結び、
  漁業と教育の交流を始めた<sup>1</sup>。</p><p>五年後、町のあいだの取引は三倍になった。</p></div>
<div id="footer">Copyright 2020 港の便り</div>""",
                '<title>姉妹都市</title><meta name="author" content="森健二">',
                ' lang="ja"',
            ),
        )
    )
    assert reading.text == (
        "# 青海港の姉妹都市\n\n青海港は二〇〇九年に南の三つの町と協定を結び、漁業と教育の交流を始めた[^1]。\n\n"
        "五年後、町のあいだの取引は三倍になった。"
    )
    assert reading.facts == {"title": "青海港の姉妹都市", "authors": "森健二", "language": "ja"}


def test_spanning_cells(tmp_path):
    table = (
        "<table><tr><th rowspan=2>Port</th><th colspan=2>Boats</th></tr><tr><th>2009</th><th>2014</th></tr>"
        "<tr><td rowspan=2>Aomi</td><td>12</td><td>15</td></tr><tr><td>3</td><td>4</td></tr>"
        "<tr><td>Kurohama</td><td>1</td></tr></table>"
    )
    assert text_of(tmp_path, f"<p>{FIRST}</p>{table}<p>{SECOND}</p>") == "\n\n".join(
        [
            FIRST,
            "| Port | Boats |  |\n| Port | 2009 | 2014 |\n| --- | --- | --- |\n"
            "| Aomi | 12 | 15 |\n| Aomi | 3 | 4 |\n| Kurohama | 1 |  |",
            SECOND,
        ]
    )


@pytest.mark.parametrize(
    ("rows", "table"),
    [
        # A span ends with its row group.
        (
            "<tbody><tr><td rowspan=5>A</td><td>1</td></tr><tr><td>2</td></tr></tbody><tbody><tr><td>B</td><td>3</td></tr></tbody>",
            "| A | 1 |\n| --- | --- |\n| A | 2 |\n| B | 3 |",
        ),
        # rowspan=0 reaches to the end of its group.
        (
            "<tbody><tr><td rowspan=0>A</td><td>1</td></tr><tr><td>2</td></tr></tbody><tbody><tr><td>B</td><td>3</td></tr></tbody>",
            "| A | 1 |\n| --- | --- |\n| A | 2 |\n| B | 3 |",
        ),
        # Where spans meet, the earlier keeps its place and no figure moves.
        (
            "<tr><td>a</td><td rowspan=2>b</td><td>c</td></tr><tr><td colspan=2>d</td><td>e</td></tr><tr><td>f</td><td>g</td><td>h</td></tr>",
            "| a | b | c |\n| --- | --- | --- |\n| d | b | e |\n| f | g | h |",
        ),
        (
            "<tfoot><tr><td>Total</td><td>3</td></tr></tfoot><tbody><tr><td>A</td><td>1</td></tr><tr><td>B</td><td>2</td></tr></tbody>",
            "| A | 1 |\n| --- | --- |\n| B | 2 |\n| Total | 3 |",
        ),
        (
            "<tr><th rowspan=3>A</th><td></td><td>1</td></tr><tr><td>2</td><td></td></tr><tr><td></td><td>3</td></tr>",
            "| A |  | 1 |\n| --- | --- | --- |\n| A | 2 |  |\n| A |  | 3 |",
        ),
        (
            "<tr><th>City</th><th>Staff</th><th>Contact</th></tr><tr><td>Nagoya</td><td>14</td><td>see <table>"
            "<tr><th>Phone</th><th>Fax</th></tr><tr><td>111</td><td>112</td></tr></table></td></tr>",
            "| City | Staff | Contact |\n| --- | --- | --- |\n| Nagoya | 14 | see |\n\n| Phone | Fax |\n| --- | --- |\n| 111 | 112 |",
        ),
    ],
)  # fmt: skip
def test_cells_stand_under_their_headers(tmp_path, rows, table):
    assert text_of(tmp_path, f"<p>{FIRST}</p><table>{rows}</table><p>{SECOND}</p>") == f"{FIRST}\n\n{table}\n\n{SECOND}"


def test_what_a_stripped_tag_parted_is_one_text(tmp_path):
    tree, _ = parse_page(tmp_path / "page.html", "<p>ha<b>r</b>bo<i>u</i>r<br>and<font> so</font> on</p>")
    assert [str(text) for text in tree.xpath("//p/text()")] == ["harbour", "and so on"]


def test_cells_that_span_thousands_of_rows_fill_no_more_than_in_proportion(tmp_path):
    rows = "<tr><td rowspan=9999>x</td><td>y</td></tr>"
    cells = []
    for count in (1000, 2000):
        text = text_of(tmp_path, f"<p>{FIRST}</p><table>{rows * count}</table><p>{SECOND}</p>")
        assert text.count("y") - FIRST.count("y") - SECOND.count("y") == count
        assert "\n| x | y |\n| --- |" in text
        assert "\n| x | x | y |\n" in text
        cells.append(text.count("x |"))
    # 10,000 places and four for each cell are filled; the rows after these hold their own cells alone.
    assert 10_000 < cells[0] < 10_000 + 5 * 2 * 1000 + 1000
    assert cells[1] < 2 * cells[0]


@pytest.mark.parametrize(
    ("inline", "text"),
    [
        ("12 mi<sup>2</sup> and R<sup>2</sup>", "12 mi^2 and R^2"),
        ("2<sup>20</sup>, 10<sup>&minus;6</sup>, <sup>14</sup>C, 1½", "2^20, 10^−6, ^14C, 1½"),
        ("10<sup><a href='#nowhere'>3</a></sup> cities", "10[^3] cities"),
        ("1576<sup>4</sup>, 1,576<sup>4</sup> and in 1997<sup>4</sup>", "1576[^4], 1,576[^4] and in 1997[^4]"),
        ("(1+r)<sup>2</sup> (Mori 1997)<sup>2</sup>", "(1+r)^2 (Mori 1997)[^2]"),
        ("e<sup>x+1</sup>, x<sup>y<sup>2</sup></sup>, Ca<sup>2+</sup>", "e^(x+1), x^(y^2), Ca^2+"),
        ("the 20<sup>th</sup>, M<sup>me</sup> Curie, Brand<sup>TM</sup>", "the 20th, Mme Curie, BrandTM"),
        ("H<sub>2</sub>O, x<sub>i</sub>, 10<sub>2</sub>", "H2O, x_i, 10_2"),
        ("1<sup>1</sup>/<sub>2</sub> and <sup>3</sup>&frasl;<sub>4</sub>", "1 1/2 and 3/4"),
        ("boats<sup>1, 2</sup> ships<sup>3&ndash;5</sup> 港<sup>6</sup>", "boats[^1][^2] ships[^3][^4][^5] 港[^6]"),
        ("20<sup>o</sup>C", "20°C"),
        ("<math><mn>1</mn><mfrac><mn>1</mn><mn>2</mn></mfrac></math>", "1 1/2"),
        ("<math><msqrt><mi>n</mi><mo>-</mo><mn>1</mn></msqrt></math>", "√(n-1)"),
        ("<math><msubsup><mi>x</mi><mi>i</mi><mn>2</mn></msubsup><mo>=</mo><mn>4</mn></math>", "x_i^2 = 4"),
        ("<math><munderover><mo>∑</mo><mn>1</mn><mi>n</mi></munderover><mi>x</mi></math>", "∑_1^nx"),
        ("<math><semantics><mn>7</mn><annotation>seven</annotation></semantics></math>", "7"),
        ("<math><mfrac><mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow><mi>c</mi></mfrac></math>", "(a+b)/c"),
        ("<math><mmultiscripts><mi>C</mi><mprescripts></mprescripts><mn>6</mn><mn>14</mn></mmultiscripts></math>", "^14C"),
        ("<math><mover><mi>x</mi><mo>¯</mo></mover></math>", "x\u0304"),
        ("<span style='display: none'><math><mn>5</mn></math></span><img alt='5'>", "5"),
    ],
)
def test_figures_are_what_the_page_shows(tmp_path, inline, text):
    assert text_of(tmp_path, f"<p>{FIRST}</p><p>Found: {inline} here.</p><p>{SECOND}</p>") == (
        f"{FIRST}\n\nFound: {text} here.\n\n{SECOND}"
    )


@pytest.mark.parametrize(
    ("style", "inline", "text"),
    [
        ("", "It cost <del>500</del> <ins>600</ins> <s>of the</s> yen", "It cost 600 yen"),
        ("", "It cost <span style='text-decoration:line-through'>500</span> 600 yen", "It cost 600 yen"),
        (".x{display:none}", "Paid<span class='x'>, not</span> now", "Paid now"),
        (
            "/* .y{display:none} */ p .x, #z { visibility: hidden; }",
            "A<b class='x y'> B</b><i id=z> C</i><span class='y'> D</span>",
            "A D",
        ),
        (".x{display:none} span.x{display:inline}", "A<span class='x'> B</span>", "A B"),
        (
            "@media print{.x{display:none}} @media screen{.y{display:none}}",
            "A<span class=x> B</span><span class=y> C</span>",
            "A B",
        ),
        (".x:hover{display:none} .a .x{display:none}", "A<span class=x> B</span>", "A B"),
    ],
)
def test_deleted_and_hidden_text_is_left_out(tmp_path, style, inline, text):
    html = page(f"<p>{FIRST}</p><p>{inline}.</p><p>{SECOND}</p>", f"<style>{style}</style>")
    assert read_html(file(tmp_path, html)).text == f"{FIRST}\n\n{text}.\n\n{SECOND}"


NAMES = (
    "related-work",
    "social-security",
    "share-of-towns",
    "comments-from-mayors",
    "nav",
    "menu-prices",
    "cookie-trade",
    "ads-1990",
)


@pytest.mark.parametrize("form", ["pandoc", "sphinx", "flat", "div", "main"])
def test_sections_are_kept_whatever_their_ids(tmp_path, form):
    parts = [f"Part {number}" for number in range(len(NAMES))]
    texts = [f"The {name.replace('-', ' ')} of part {number} rose by {number + 2} percent in the years that were counted, and "
             "in most of the towns it stayed so for another ten." for number, name in enumerate(NAMES)]  # fmt: skip
    section = {
        "pandoc": '<section id="{0}" class="level2"><h2>{1}</h2><p>{2}</p></section>',
        "sphinx": '<div class="section" id="{0}"><h2>{1}<a class="headerlink" href="#{0}">¶</a></h2><p>{2}</p></div>',
        "flat": '<h2 id="{0}">{1}</h2><p>{2}</p>',
        "div": '<div id="{0}"><h2>{1}</h2><p>{2}</p></div>',
        "main": '<section aria-labelledby="{0}"><h2 id="{0}">{1}</h2><p id="{0}-p">{2}</p></section>',
    }[form]
    body = "".join(section.format(*each) for each in zip(NAMES, parts, texts, strict=True))
    body = f'<div role="main">{body}</div>' if form == "sphinx" else f"<main>{body}</main>" if form == "main" else body
    reading = read_html(file(tmp_path, page(f'<nav><a href="#">Home</a></nav>{body}<footer>Imprint</footer>')))
    assert reading.text == "\n\n".join(f"## {part}\n\n{text}" for part, text in zip(parts, texts, strict=True))
    assert told(reading.warnings) == ()


def test_much_prose_that_goes_is_told(tmp_path):
    other = f"<aside>{'<p>' + 'Another story of the towns is told here in many words. ' * 8 + '</p>'}</aside>"
    reading = read_html(file(tmp_path, page(f"<article><p>{FIRST}</p><p>{SECOND}</p></article>{other}")))
    assert reading.text == f"{FIRST}\n\n{SECOND}"
    assert told(reading.warnings) == (
        "page.html: about 88 words of prose that seem to be no part of the main text were left out.",
    )
    hidden = f"<div class=x><p>{'Another story of the towns is told here in many words. ' * 8}</p></div>"
    reading = read_html(file(tmp_path, page(f"<p>{FIRST}</p>{hidden}<p>{SECOND}</p>", "<style>.x{display:none}</style>")))
    assert told(reading.warnings) == ("page.html: about 88 words of prose that the page's style hides were left out.",)


def test_parts_of_the_site_within_and_around_the_text(tmp_path):
    body = (
        f'<article><div class="top"><h1>Ports</h1></div><div class="words"><p>{FIRST}</p><div class="newsletter">Letter.</div>'
        f'<div role="search">Search the ports.</div><div class="share-bar"><a href="#">Send</a> it</div><aside>Advice.</aside>'
        f'<div class="credits">Drawn by <span>J. P.</span></div><p>{SECOND}</p></div></article><div class="end">Ports.</div>'
    )
    assert text_of(tmp_path, body) == f"# Ports\n\n{FIRST}\n\nDrawn by J. P.\n\n{SECOND}"


def test_a_page_laid_out_with_tables(tmp_path):
    body = (
        f'<table width="100%"><tr><td><a href="/">Home</a><br><a href="/b">Books</a></td>'
        f"<td><font size=2><h2>The port</h2><p>{FIRST}</p>"
        f"<table><tr><td>Year</td><td>Boats</td></tr><tr><td>2009</td><td>12</td></tr></table><p>{SECOND}</p></font></td></tr></table>"
    )
    assert text_of(tmp_path, body) == f"## The port\n\n{FIRST}\n\n| Year | Boats |\n| --- | --- |\n| 2009 | 12 |\n\n{SECOND}"


def test_a_page_without_any_element_in_its_body(tmp_path):
    assert text_of(tmp_path, f"{FIRST}<br><br>{SECOND}") == f"{FIRST}\n{SECOND}"


def test_marked_notes_and_links_back(tmp_path):
    body = (
        f'<p id="r1">{FIRST}<a href="#fn1" role="doc-noteref"><sup>[1]</sup></a></p>'
        f'<p>{SECOND}<sup id="r2"><a href="#fn2">2</a></sup>, '
        'see <a href="#fn1">above</a> and km<sup>2</sup>.</p>'
        '<section role="doc-endnotes"><ol><li id="fn1"><p>A report on the port. '
        '<a href="#r1" role="doc-backlink">back</a></p><p>Page 3.</p></li>'
        '<li id="fn2"><p>Another one. <a href="#r2">↩︎2</a></p></li></ol></section>'
    )
    assert text_of(tmp_path, body) == "\n\n".join(
        [
            f"{FIRST}[^1]",
            f"{SECOND}[^2], see above and km^2.",
            "[^1]: A report on the port. Page 3.",
            "[^2]: Another one.",
        ]
    )


def test_a_link_back_does_not_make_its_paragraph_a_note(tmp_path):
    body = f'<p><a id="r1"></a>{FIRST}</p><p>{SECOND}</p><p><sup><a href="#r1">1</a></sup> A report on the port.</p>'
    assert text_of(tmp_path, body) == f"{FIRST}\n\n{SECOND}\n\n[^1] A report on the port."


def test_hidden_text_and_cookie_banners_go_but_not_a_body_of_that_class(tmp_path):
    html = page(
        f'<div class="cookies-not-set"><div class="CookieBanner"><p>{JAPANESE}</p></div><p>{FIRST}</p><p>{SECOND}</p>'
        '<p style="display: none">Hidden.</p><p hidden>Hidden too.</p></div>'
    ).replace("<body>", '<body class="cookies-not-set">')
    assert read_html(file(tmp_path, html)).text == f"{FIRST}\n\n{SECOND}"
