"""Pages of a PDF that have no text: drawn (`scans`), read by Tesseract, and kept beside the file so that they are read once.

`scan.pdf` has what was recognised in `scan.pdf.ocr.json`, with the SHA-256 of the file that it was read from: quotes from it can
be checked, and searched for on the page, without recognising anything again.
"""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from importlib.util import find_spec
from itertools import groupby
from pathlib import Path
from typing import Any

from askjapan.documents.readers import read
from askjapan.documents.readers.pdf.checks import spans
from askjapan.documents.readers.pdf.second.facts import facts_of
from askjapan.documents.readers.scans import SCAN_AGAIN, contents, draw
from askjapan.errors import NEEDS_OCR, DamagedFile, NoTextLayer
from askjapan.foreign_data import parse_json
from askjapan.readings import Page, Reading, Segment
from askjapan.sayings import Saying

ENDING = ".ocr.json"
FORMAT = "askjapan ocr 1"
STAGE = "recognising"
Tell = Callable[[str, int, int], None]
"""Called with the stage, how many pages are done, and how many there are."""
DOTS_PER_INCH, ROUGH = 300, 50  # what Tesseract is trained for, and enough to tell an empty page
SECONDS_A_PAGE = 180
SURE = 75.0  # of 100: a page read less surely is tried in the other languages
DOUBTFUL = 60.0
BLANK = 8  # shades of grey between the darkest and the brightest dot of an empty page
MODELS = {"eng": 3, "jpn": 3, "jpn_vert": 5}
"""Tesseract's models with their page segmentation: automatic, or a block of vertical lines."""
_JAPANESE = r"[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]"
_BETWEEN_JAPANESE = re.compile(rf"(?<={_JAPANESE}) (?={_JAPANESE})")
_PICTURE = "pages_mostly_picture"  # the PDF reader's warning, which no longer holds once it is read


@dataclass(frozen=True, slots=True)
class Recognised:
    """The text of one page, how sure Tesseract is of it (0 to 100), and the model that it was read with."""

    text: str
    confidence: float
    model: str


def models() -> list[str]:
    """The models that pages can be read with here; none without the extra `ocr` or without Tesseract."""
    if find_spec("pytesseract") is None or shutil.which("tesseract") is None:
        return []
    import pytesseract

    installed = pytesseract.get_languages(config="")
    return [model for model in MODELS if model in installed]


def read_whole(path: Path, tell: Tell = lambda stage, done, total: None, *, now: bool = True) -> Reading:
    """Read a file as `readers.read` does, and the pages of a PDF that have no text by OCR, where that is installed.

    Args:
        path: the file.
        tell: told how many pages are recognised.
        now: recognise what has not been before; else such pages stay empty, and only what is kept beside the file is used.

    Raises:
        NoTextLayer: no page has text, and OCR is not installed, or finds none either.
        ReadingError, CatalogueError: as `readers.read` does.
    """
    try:
        reading, refused = read(path), None
    except NoTextLayer as error:
        reading, refused = _empty(path), error
    if not reading.without_text:
        return reading
    digest = sha256(path.read_bytes()).hexdigest()
    pages = _kept(path, digest)
    missing = [number for number in reading.without_text if number not in pages]
    usable = models()
    notes: list[Saying] = []
    if missing and usable and now:
        pages |= _recognised(path, digest, missing, pages, usable, tell, notes)
    if refused and not any(page.text for page in pages.values()) and (now or not usable):
        if pages:
            raise NoTextLayer(f"{refused.message} OCR finds no words on them either.", "Scan it anew with 300 dots per inch.")
        raise DamagedFile(" ".join(map(str, notes)), SCAN_AGAIN) if notes else refused
    if not usable:
        missing = [number for number in missing if not _is_empty(path, number)]
        notes += [Saying.of("pages_without_text", pages=spans(missing), file=path.name, needs_ocr=NEEDS_OCR)] if missing else []
    notes += _notes(path.name, [number for number in reading.without_text if number in pages], pages)
    warnings = [warning for warning in reading.warnings if warning.key != _PICTURE]
    return replace(_spliced(reading, pages), warnings=(*warnings, *notes))


def _notes(name: str, numbers: Sequence[int], pages: Mapping[int, Recognised]) -> Iterator[Saying]:
    read_ = [number for number in numbers if pages[number].text]
    doubtful = [number for number in read_ if pages[number].confidence < DOUBTFUL]
    wordless = [number for number in numbers if not pages[number].text and pages[number].confidence < SURE]
    for key, told in (("pages_by_ocr", read_), ("pages_doubtful", doubtful), ("pages_without_words", wordless)):
        if told:
            yield Saying.of(key, pages=spans(told), file=name)


def _kept(path: Path, digest: str) -> dict[int, Recognised]:
    try:
        data = parse_json(path.with_name(path.name + ENDING).read_text(encoding="utf-8"))
        if data["format"] != FORMAT or data["sha256"] != digest:
            return {}
        return {int(number): Recognised(**page) for number, page in data["pages"].items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        if isinstance(error, OSError) and error.errno == errno.ENAMETOOLONG:
            # Beside a file with the longest name that there may be nothing can lie.
            return {}
        raise DamagedFile(
            f"What OCR read of {path.name} is kept in {path.name + ENDING}, which cannot be used ({error}).", "Delete that file."
        ) from error


def _recognised(
    path: Path,
    digest: str,
    numbers: Sequence[int],
    known: Mapping[int, Recognised],
    usable: Sequence[str],
    tell: Tell,
    notes: list[Saying],
) -> dict[int, Recognised]:
    """Recognise pages one by one; each is kept as soon as it is read, so that nothing is read twice after an interruption."""
    pages = dict(known)
    usual = ""
    for done, number in enumerate(numbers):
        tell(STAGE, done, len(numbers))
        try:
            picture = draw(path, number, DOTS_PER_INCH)
        except DamagedFile as error:
            notes.append(Saying.of("warning", told=error.message))
            continue
        page = _read_picture(picture, usual, usable)
        if page is None:
            notes.append(Saying.of("page_took_too_long", page=number, file=path.name, seconds=SECONDS_A_PAGE))
            continue
        usual = page.model if page.text else usual
        pages[number] = page
        if not _keep(path, digest, pages) and done == 0:
            notes.append(Saying.of("ocr_not_kept", file=path.name))
    tell(STAGE, len(numbers), len(numbers))
    return pages


def _keep(path: Path, digest: str, pages: Mapping[int, Recognised]) -> bool:
    """Keep what was recognised; False if the folder cannot be written to."""
    place = path.with_name(path.name + ENDING)
    unfinished = place.with_name(f".{place.name}.part")
    data = {
        "format": FORMAT,
        "sha256": digest,
        "engine": _engine(),
        "pages": {str(number): asdict(page) for number, page in sorted(pages.items())},
    }
    try:
        unfinished.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        os.replace(unfinished, place)
    except OSError:
        return False
    return True


def _engine() -> str:
    import pytesseract

    return f"Tesseract {pytesseract.get_tesseract_version()}"


def _read_picture(picture: Any, usual: str, usable: Sequence[str]) -> Recognised | None:  # noqa: ANN401 - Pillow is loaded when it is needed
    """The text of a picture by the model of the pages before it, or by the surest of all; None if it takes too long."""
    if _is_blank(picture):
        return Recognised("", 100.0, usual)
    best: Recognised | None = None
    for model in sorted(usable, key=lambda name: name != usual):
        recognised = _read_with(picture, model)
        if recognised is not None and (best is None or recognised.confidence > best.confidence):
            best = recognised
        if model == usual and best is not None and best.confidence >= SURE:
            break
    return best


def _is_empty(path: Path, number: int) -> bool:
    """Whether a page is meant to be empty, so that nothing is missing on it."""
    try:
        return _is_blank(draw(path, number, ROUGH))
    except DamagedFile:
        return False


def _is_blank(picture: Any) -> bool:  # noqa: ANN401
    darkest, brightest = picture.getextrema()
    return bool(brightest - darkest < BLANK)


def _read_with(picture: Any, model: str) -> Recognised | None:  # noqa: ANN401
    import pytesseract

    try:
        rows = pytesseract.image_to_data(
            picture,
            lang=model,
            config=f"--psm {MODELS[model]} --dpi {DOTS_PER_INCH}",
            timeout=SECONDS_A_PAGE,
            output_type=pytesseract.Output.DICT,
        )
    except RuntimeError as error:
        if isinstance(error, pytesseract.TesseractError):
            raise DamagedFile(
                f"Tesseract fails: {' '.join(str(error).split())[:200]}.", "Install its language data again."
            ) from error
        return None
    words = [
        (rows["block_num"][at], rows["par_num"][at], rows["line_num"][at], text, float(rows["conf"][at]))
        for at, text in enumerate(rows["text"])
        if text.strip()
    ]
    letters = sum(len(word[3]) for word in words)
    sure = sum(max(word[4], 0.0) * len(word[3]) for word in words) / letters if letters else 0.0
    return Recognised(_laid_out(words), round(sure, 1), model)


def _laid_out(words: Sequence[tuple[int, int, int, str, float]]) -> str:
    """Lines as they stand on the page, an empty line between paragraphs; no space inside Japanese."""
    paragraphs = []
    for _, paragraph in groupby(words, key=lambda word: word[:2]):
        lines = [
            _BETWEEN_JAPANESE.sub("", " ".join(word[3] for word in line))
            for _, line in groupby(paragraph, key=lambda word: word[2])
        ]
        paragraphs.append("\n".join(lines))
    return "\n\n".join(paragraphs)


def _empty(path: Path) -> Reading:
    """A PDF of pictures: pages without text, with their labels and the file's metadata."""
    pdf = contents(path)
    count = len(pdf.labels)
    facts = facts_of(*(pdf.stated.get(name) for name in ("Title", "Author", "CreationDate")))
    pages = tuple(Page(number, label, number - 1, number - 1) for number, label in enumerate(pdf.labels, start=1))
    return Reading(
        "\f" * (count - 1),
        pages=pages,
        facts=facts,
        facts_from="PDF metadata" if facts else "",
        without_text=tuple(range(1, count + 1)),
    )


def _spliced(reading: Reading, recognised: Mapping[int, Recognised]) -> Reading:
    """The reading with recognised texts in place of their pages'; what is known of the other pages moves with them."""
    parts: list[str] = []
    pages: list[Page] = []
    furniture: list[Segment] = []
    unconfirmed: list[Segment] = []
    length = 0
    for page in reading.pages:
        picture_text = recognised.get(page.number)
        taken = picture_text is not None and bool(picture_text.text) and page.number in reading.without_text
        text = picture_text.text if picture_text is not None and taken else reading.text[page.start : page.end]
        shift = length - page.start
        pages.append(replace(page, start=length, end=length + len(text), recognised=taken))
        inside = [(start, end) for start, end in reading.furniture if page.start <= start and end <= page.end]
        furniture += [] if taken else [(start + shift, end + shift) for start, end in inside]
        doubted = [(start, end) for start, end in reading.unconfirmed if page.start <= start and end <= page.end]
        unconfirmed += [] if taken else [(start + shift, end + shift) for start, end in doubted]
        parts.append(text)
        length += len(text) + 1
    return replace(reading, text="\f".join(parts), pages=tuple(pages), furniture=tuple(furniture), unconfirmed=tuple(unconfirmed))
