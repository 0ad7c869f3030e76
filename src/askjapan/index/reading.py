"""One file → its document, text and passages: the work of a build that needs no other file, and so can be done in any process."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path

from askjapan.documents.blocks import blocks_of
from askjapan.documents.facts.catalogue import Catalogue, describe
from askjapan.documents.facts.given_facts import load_given
from askjapan.documents.passages import Sizes, marked, split
from askjapan.documents.readers.ocr import read_whole
from askjapan.documents.readers.text.mojibake import mojibake
from askjapan.documents.study_note import is_study_note
from askjapan.errors import CatalogueError, PassageTooLong, ReadingError, UnreadableText
from askjapan.file_names import path_text
from askjapan.index.encoders.embedding import Progress
from askjapan.index.encoders.encoder import Encoder
from askjapan.index.encoders.workers import in_order
from askjapan.index.report import pages_with_text
from askjapan.index.works.corpus import digest_of
from askjapan.readings import FileReport, Reading
from askjapan.records import Document, Passage
from askjapan.sayings import Saying

ATTEMPTS = 3  # to read a file that others write to


@dataclass(frozen=True, slots=True)
class FileRead:
    """Result of reading a file. A study note's passages are cut later, since they depend on its other editions."""

    document: Document
    reading: Reading
    report: FileReport
    passages: Sequence[Passage] = ()


def read_file(
    path: Path,
    digest: str,
    catalogue: Catalogue,
    encoder: Encoder,
    passage_tokens: int,
    progress: Progress = lambda stage, done, total: None,
) -> FileRead | Saying:
    """Read, describe and cut a file; the reason if it cannot be read.

    Args:
        path: of the file.
        digest: its SHA-256 a while ago; the document has that of what was read.
        catalogue: that full texts are recognised by.
        encoder: whose limit passages keep to.
        passage_tokens: target size of a passage in tiktoken tokens.
        progress: told how many pages are recognised.
    """
    try:
        reading, digest = _read_still(path, digest, progress)
        # A lone surrogate can be neither stored nor embedded.
        if any("\ud800" <= character <= "\udfff" for character in reading.text):
            raise UnreadableText(f"{path.name} holds characters that are not valid Unicode.")
        document = describe(path, digest, reading, catalogue, load_given(path))
    except (ReadingError, CatalogueError) as error:
        return error.saying
    report = FileReport(
        path_text(path),
        pages=len(reading.pages),
        pages_with_text=pages_with_text(reading),
        pages_recognised=sum(page.recognised for page in reading.pages),
        words=document.words,
        warnings=(*reading.warnings, *filter(None, (mojibake(reading.text),))),
    )
    if is_study_note(reading):
        return FileRead(document, reading, report)
    sizes = Sizes(passage_tokens, encoder.limit, encoder.count_pieces)
    passages = marked(split(document, reading.text, blocks_of(reading), sizes), reading.unconfirmed)
    return FileRead(document, reading, report, passages)


def _read_still(path: Path, digest: str, progress: Progress) -> tuple[Reading, str]:
    """What a file holds, and the SHA-256 of just that: one that is written to meanwhile is read again.

    Raises:
        ReadingError: also if it does not keep still.
    """
    for _ in range(ATTEMPTS):
        reading = read_whole(path, progress)
        before, digest = digest, digest_of(path)
        if digest == before:
            return reading, digest
    raise ReadingError(Saying.of("kept_changing", name=path.name))


@dataclass(frozen=True)
class FileReader:
    """Reads files for a build, in an executor's workers if there is one."""

    catalogue: Catalogue
    encoder: Encoder
    passage_tokens: int
    executor: Executor | None

    def read(self, files: Sequence[tuple[Path, str]], progress: Progress) -> Iterator[FileRead | Saying]:
        """Results of `read_file` for each file with its SHA-256, in their order."""
        calls = [(path, digest, self.catalogue, self.encoder, self.passage_tokens) for path, digest in files]
        return in_order(self.executor, read_file, calls, progress=progress)


def prove_fit(passages: Sequence[Passage], encoder: Encoder) -> None:
    """Raise if the encoder would cut a passage or a unit, so that nothing is lost silently.

    Raises:
        PassageTooLong: names the passage and its size.
    """
    for passage in passages:
        longest = max([passage.text, *(unit.text for unit in passage.units)], key=encoder.count_pieces)
        if (pieces := encoder.count_pieces(longest)) > encoder.limit:
            raise PassageTooLong(f"Passage {passage.id} has {pieces} word pieces; {encoder.name} reads {encoder.limit}.")
