"""Pages of PDFs as pictures: drawn as the file says, marked where the words stand, and refused in one sentence where that fails."""

from __future__ import annotations

import struct
import threading
from pathlib import Path

import pytest

from askjapan.citations import page_drawing, page_images
from askjapan.citations.page_drawing import Picture, Rectangle
from askjapan.citations.page_images import draw, place
from askjapan.documents.readers import read
from askjapan.errors import AskJapanError, DamagedFile, LibraryError, PasswordNeeded
from askjapan.index.works.corpus import sha256_of
from askjapan.readings import Reading
from tests.support.paper import BELLS_QUOTE, CROPPED, PAGES, SAILS_QUOTE, TURNED, expected, make_paper
from tests.support.pdfs import bomb

SHARED = Path(__file__).resolve().parents[3] / "shared" / "pdfs"


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_paper(tmp_path_factory.mktemp("paper") / "ropes.pdf")


def drawn(path: Path, number: int) -> Picture:
    return draw(path, sha256_of(path), number)


def text_of(reading: Reading, number: int) -> str:
    page = reading.pages[number - 1]
    return reading.text[page.start : page.end]


def placed(path: Path, number: int, quote: str) -> list[Rectangle] | None:
    text = text_of(read(path), number)
    start = text.index(quote)
    return place(drawn(path, number), text, (start, start + len(quote)))


def size_in(png: bytes) -> tuple[int, int]:
    """Width and height as the PNG itself says."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    return struct.unpack(">II", png[16:24])


@pytest.mark.parametrize(("number", "width", "height"), [(1, 1200, 1553), (TURNED, 1200, 1553), (CROPPED, 1200, 864)])
def test_a_page_is_drawn_as_it_is_turned_and_cropped(paper: Path, number: int, width: int, height: int) -> None:
    picture = drawn(paper, number)
    assert (picture.width, picture.height) == (width, height)
    assert size_in(picture.png) == (width, height)


@pytest.mark.parametrize("number", [1, 2, TURNED, CROPPED])
def test_the_boxes_lie_over_the_words(paper: Path, number: int) -> None:
    for line, (_, _, text) in enumerate(PAGES[number - 1]):
        boxes = placed(paper, number, text)
        assert boxes is not None
        x0, y0, x1, y1 = expected(number, line)
        # On the turned page the letters of a line stand one below the other, each in a box of its own.
        assert (len(boxes) == 1) == (number != TURNED)
        left, top = min(box[0] for box in boxes), min(box[1] for box in boxes)
        right, bottom = max(box[2] for box in boxes), max(box[3] for box in boxes)
        if number == TURNED:
            assert (top, bottom) == pytest.approx((y0, y1), abs=0.004)
            assert left < x0 < right
        else:
            assert (left, right) == pytest.approx((x0, x1), abs=0.004)
            assert top < y0 < bottom
        assert (right - left if number == TURNED else bottom - top) < 0.04


def test_there_is_ink_under_a_box_and_none_beside_it(paper: Path) -> None:
    import io

    image_module = pytest.importorskip("PIL.Image")
    picture = drawn(paper, CROPPED)
    image = image_module.open(io.BytesIO(picture.png)).convert("L")
    (box,) = placed(paper, CROPPED, SAILS_QUOTE) or []
    inside = [round(share * side) for share, side in zip(box, [picture.width, picture.height] * 2, strict=True)]
    darkest, _ = image.crop(inside).getextrema()
    assert darkest < 100
    right = (inside[2] + 4, inside[1], picture.width, inside[3])
    assert image.crop(right).getextrema() == (255, 255)


def test_a_stretch_over_two_lines_has_a_box_a_line(paper: Path) -> None:
    boxes = placed(paper, 1, "on that coast.\nIt was built of cedar")
    assert boxes is not None
    assert len(boxes) == 2
    assert boxes[0][0] > boxes[1][0]
    assert boxes[0][3] <= boxes[1][1] + 0.01


def test_one_of_two_like_stretches_is_told_by_its_place(tmp_path: Path) -> None:
    from reportlab.pdfgen.canvas import Canvas

    path = tmp_path / "twice.pdf"
    canvas = Canvas(str(path))
    for y in (700, 600, 500):
        canvas.drawString(72, y, "Tolls were 7 yen in Ebisu.")
    canvas.save()
    text = text_of(read(path), 1)
    second = text.index("Tolls", text.index("Tolls") + 1)
    (box,) = place(drawn(path, 1), text, (second, second + len("Tolls were 7 yen in Ebisu."))) or []
    assert box[1] < 1 - 600 / 841.89 < box[3]


def test_what_stands_on_the_page_otherwise_is_not_placed(paper: Path) -> None:
    picture = drawn(paper, 1)
    foreign = "Nothing of this is on the page."
    assert place(picture, foreign, (0, len(foreign))) is None
    # Twice in the text as read but once on the picture: which of the two it is cannot be told.
    doubled = text_of(read(paper), 1) * 2
    assert place(picture, doubled, (0, 40)) is None
    assert place(picture, "   ", (0, 3)) is None


def test_words_that_were_cropped_away_are_not_placed(tmp_path: Path) -> None:
    from reportlab.pdfgen.canvas import Canvas

    path = tmp_path / "cut.pdf"
    canvas = Canvas(str(path))
    canvas.setCropBox((0, 0, 595, 600))
    canvas.drawString(72, 500, "This line can be seen.")
    canvas.drawString(72, 700, "This line was cut away.")
    canvas.save()
    assert placed(path, 1, "This line was cut away.") is None
    assert placed(path, 1, "This line can be seen.") is not None


def test_hyphens_and_ligatures_do_not_hide_a_line(tmp_path: Path) -> None:
    from reportlab.pdfgen.canvas import Canvas

    path = tmp_path / "hyphen.pdf"
    canvas = Canvas(str(path))
    canvas.drawString(72, 700, "The ships carried barley to the har-")
    canvas.drawString(72, 686, "bour of Sakata every spring.")
    canvas.save()
    text = text_of(read(path), 1)
    start, end = text.index("The ships"), text.index("spring.") + 7
    boxes = place(drawn(path, 1), text, (start, end))
    assert boxes is not None
    assert len(boxes) == 2
    ligature = text.replace("fi", "ﬁ")
    assert place(drawn(path, 1), ligature, (start, end)) == boxes


@pytest.mark.parametrize("size", [(14_400, 14_400), (20_000, 40), (30, 14_000)])
def test_a_huge_page_is_drawn_within_the_limit(tmp_path: Path, size: tuple[int, int]) -> None:
    from reportlab.pdfgen.canvas import Canvas

    path = tmp_path / "huge.pdf"
    canvas = Canvas(str(path), pagesize=size)
    canvas.setFont("Helvetica", 12)
    canvas.drawString(2, 10, "Big.")
    canvas.save()
    picture = drawn(path, 1)
    assert picture.width * picture.height <= page_drawing.MOST_PIXELS * 1.01
    assert max(picture.width, picture.height) <= page_drawing.LONGEST_SIDE + 1
    assert size_in(picture.png) == (picture.width, picture.height)


def sentence(path: Path, number: int, sha256: str | None = None) -> tuple[type[AskJapanError], str]:
    with pytest.raises(AskJapanError) as caught:
        draw(path, sha256 or sha256_of(path), number)
    assert "\n" not in str(caught.value)
    return type(caught.value), str(caught.value)


def test_what_cannot_be_drawn_is_told_in_a_sentence(paper: Path, tmp_path: Path) -> None:
    assert sentence(paper, 5) == (
        DamagedFile,
        "Page 5 of ropes.pdf cannot be drawn; pdfium says: Failed to load page. Get a fresh copy of the file.",
    )
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(paper.read_bytes()[:200])
    assert sentence(broken, 1) == (
        DamagedFile,
        "Page 1 of broken.pdf cannot be drawn; pdfium says: Failed to load document (PDFium: Data format error). "
        "Get a fresh copy of the file.",
    )
    assert sentence(tmp_path / "none.pdf", 1, "0" * 64) == (
        LibraryError,
        "none.pdf cannot be opened: No such file or directory. Put it back, or rebuild the index.",
    )
    assert sentence(paper, 1, "0" * 64) == (
        LibraryError,
        "ropes.pdf is no longer the file that was indexed, so its pages are not shown. Rebuild the index.",
    )


def test_the_empty_password_opens_and_another_one_does_not(tmp_path: Path) -> None:
    from reportlab.lib.pdfencrypt import StandardEncryption
    from reportlab.pdfgen.canvas import Canvas

    for name, password in (("open.pdf", ""), ("closed.pdf", "sesame")):
        canvas = Canvas(str(tmp_path / name), encrypt=StandardEncryption(password, ownerPassword="owner", canPrint=0))
        canvas.drawString(72, 700, BELLS_QUOTE)
        canvas.save()
    assert placed(tmp_path / "open.pdf", 1, BELLS_QUOTE) is not None
    kind, told = sentence(tmp_path / "closed.pdf", 1)
    assert kind is PasswordNeeded
    assert told == "closed.pdf is encrypted and needs a password. Save a copy without the password and add that."


def test_the_last_pages_are_kept(paper: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page_images._drawn.cache_clear()
    count = 0
    real = page_images._draw

    def counting(*given: object) -> Picture:
        nonlocal count
        count += 1
        return real(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(page_images, "_draw", counting)
    first = drawn(paper, 1)
    assert drawn(paper, 1) is first
    drawn(paper, 2)
    assert count == 2
    assert page_images._drawn.cache_info().maxsize == 24


def test_pages_are_drawn_by_many_threads_at_once(paper: Path) -> None:
    page_images._drawn.cache_clear()
    found: list[int] = []
    threads = [
        threading.Thread(target=lambda number=number: found.append(len(drawn(paper, number % 4 + 1).letters)))
        for number in range(16)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(found) == 16
    assert len(set(found)) == 4


def baselines(path: Path, number: int) -> list[tuple[str, float, float]]:
    """Pieces of a page's text and where pypdf, the other reader, says that each begins, as shares of the page."""
    from pypdf import PdfReader

    reader = PdfReader(path)
    page = reader.pages[number - 1]
    box = page.cropbox
    pieces: list[tuple[str, float, float]] = []

    def note(text: str, cm: list[float], tm: list[float], font: object, size: float) -> None:
        x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
        y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
        pieces.append((text, (x - float(box.left)) / float(box.width), (float(box.top) - y) / float(box.height)))

    page.extract_text(visitor_text=note)
    return pieces


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_dir(), reason="the PDFs are not beside the project")
@pytest.mark.parametrize(
    ("name", "least"),
    [
        ("latex-4-pages.pdf", 8),
        ("two-columns.pdf", 95),
        ("columns-2-pages.pdf", 105),
        ("three-columns.pdf", 500),
        ("japanese.pdf", 20),
        ("opens-with-empty-password.pdf", 58),
    ],
)
def test_real_papers_are_marked_where_their_other_reader_sees_the_words(name: str, least: int) -> None:
    path = SHARED / name
    reading = read(path)
    checked = beside = 0
    for page in reading.pages[:3]:
        text = text_of(reading, page.number)
        picture = drawn(path, page.number)
        for raw, x, y in baselines(path, page.number):
            piece = raw.strip()
            if len(piece) < 25 or "\n" in piece or text.count(piece) != 1 or raw != raw.lstrip():
                continue
            start = text.index(piece)
            boxes = place(picture, text, (start, start + len(piece)))
            if boxes is None:
                continue
            left, top, right, bottom = boxes[0]
            assert top - 0.003 <= y <= bottom + 0.003, (page.number, piece)
            assert right > left
            checked += 1
            # After a ligature pypdf tells where its line begins, not where the piece does.
            beside += abs(left - x) < 0.02
    assert checked >= least
    assert beside >= 0.9 * checked


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_dir(), reason="the PDFs are not beside the project")
@pytest.mark.parametrize("name", ["broken-pages.pdf", "needs-password.pdf"])
def test_real_files_that_cannot_be_drawn(name: str) -> None:
    kind, told = sentence(SHARED / name, 1)
    assert issubclass(kind, DamagedFile | PasswordNeeded)
    assert name in told


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_dir(), reason="the PDFs are not beside the project")
@pytest.mark.parametrize(
    ("name", "pages"), [("malformed.pdf", 1), ("corrupted.pdf", 1), ("page-labels.pdf", 4), ("reader-limit.pdf", 4)]
)
def test_real_files_that_are_odd_are_drawn(name: str, pages: int) -> None:
    for number in range(1, pages + 1):
        picture = drawn(SHARED / name, number)
        assert size_in(picture.png) == (picture.width, picture.height)


# Files that mean harm


@pytest.mark.parametrize(
    ("seconds", "memory", "reason"),
    [
        (60.0, 400 << 20, "within 0 GB of memory, or it breaks what draws it"),
        (1.0, 8 << 30, "within 1 seconds"),
    ],
)
def test_a_page_that_would_take_the_machine_is_given_up_and_the_next_is_drawn(
    seconds: float, memory: int, reason: str, paper: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_images, "SECONDS", seconds)
    monkeypatch.setattr(page_images, "MEMORY", memory)
    path = bomb(tmp_path / "bomb.pdf")
    assert path.stat().st_size < 5_000
    assert sentence(path, 1) == (
        DamagedFile,
        f"Page 1 of bomb.pdf cannot be drawn {reason}. Its text can be read in the other view.",
    )
    # It is not tried again.
    monkeypatch.setattr(page_images, "_draw", lambda *given: pytest.fail("drew it again"))
    assert sentence(path, 1)[0] is DamagedFile
    monkeypatch.undo()
    page_images._drawn.cache_clear()
    assert drawn(paper, 1).letters


def test_too_many_pages_at_once_are_told(paper: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page_images._drawn.cache_clear()
    monkeypatch.setattr(page_images, "PATIENCE", 0.01)
    with monkeypatch.context() as busy:
        busy.setattr(page_images._children, "_idle", [])
        assert sentence(paper, 1) == (LibraryError, "Too many pages wait to be drawn. Try again in a minute.")
    assert drawn(paper, 1).letters


def test_the_pages_of_a_file_are_drawn_one_by_one_beside_those_of_others(paper: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page_images._drawn.cache_clear()
    monkeypatch.setattr(page_images, "PATIENCE", 0.01)
    busy = sha256_of(paper)
    monkeypatch.setattr(page_images._children, "_named", {busy})
    assert sentence(paper, 1) == (LibraryError, "Too many pages wait to be drawn. Try again in a minute.")
    monkeypatch.setattr(page_images._children, "_named", {"another file"})
    assert drawn(paper, 1).letters


def test_a_page_with_letters_without_end_is_drawn_and_nothing_is_placed(paper: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_drawing, "MOST_LETTERS", 10)
    picture = page_drawing.draw_here(paper, sha256_of(paper), 1)
    assert (picture.letters, picture.rectangles) == ("", ())
    assert picture.png
