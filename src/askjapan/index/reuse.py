"""Finds what a build may take over from the index in use: the hashes of unchanged files, what was read from them, and vectors."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from askjapan.documents.facts.given_facts import facts_path
from askjapan.documents.readers.ocr import models
from askjapan.errors import IndexFault
from askjapan.file_names import path_text
from askjapan.index.encoders.embedding import MULTILINGUAL_VECTORS, PASSAGE_VECTORS, Known, in_context
from askjapan.index.encoders.encoder import Encoder
from askjapan.index.report import BuildReport
from askjapan.index.storage.manifest import Manifest, damage, read_manifest
from askjapan.index.storage.store import Index, open_index
from askjapan.index.works.corpus import all_files, digest_now, not_read, place_of, watched_files
from askjapan.readings import FileReport
from askjapan.records import Document, Passage

_PARSERS = ("pypdf", "pypdfium2", "fonttools", "trafilatura", "lxml", "python-docx", "charset-normalizer", "tiktoken")
_PACKAGE = Path(__file__).resolve().parents[1]


def reading_version(catalogue: Path) -> str:
    """A hash of all that decides what a file is read as, besides the file: the code, the parsers, the catalogue, and whether OCR is there."""
    parts = [path.read_bytes() for room in ("documents", "language") for path in sorted((_PACKAGE / room).rglob("*.py"))]
    parts += [f"{name} {_version_of(name)}".encode() for name in _PARSERS]
    parts += [catalogue.read_bytes() if catalogue.is_file() else b"", " ".join(models()).encode()]
    return hashlib.sha256(b"\0".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()


@dataclass(frozen=True)
class Earlier:
    """The index in use, whose files were read and cut as files are now."""

    folder: Path
    manifest: Manifest

    @cached_property
    def index(self) -> Index | None:
        """The index itself; None if it cannot be opened."""
        try:
            return open_index(self.folder)
        except IndexFault:
            return None

    @cached_property
    def _passages(self) -> dict[str, list[Passage]]:
        by_document: dict[str, list[Passage]] = {}
        for passage in self.index.passages if self.index else ():
            by_document.setdefault(passage.document_id, []).append(passage)
        return by_document

    @cached_property
    def _documents(self) -> dict[str, Document]:
        # A study note has another part when its full text or its first edition comes or goes, and is read anew: notes are short.
        return {document.path: document for document in self.manifest.documents if document.kind == "full text"}

    @cached_property
    def _reports(self) -> dict[str, FileReport]:
        return {report.path: report for report in self.manifest.reports}

    @cached_property
    def _digests(self) -> dict[Path, str]:
        return {}

    def digest(self, path: Path) -> str:
        """A file's SHA-256, from the manifest if size and time of change say that it is the same; a file is read once."""
        if path not in self._digests:
            self._digests[path] = digest_now(path, self.manifest)
        return self._digests[path]

    def read_of(self, path: Path, digest: str) -> tuple[Document, str, list[Passage], FileReport] | None:
        """Document, text, passages and report of a full text; None if it or the facts beside it have changed."""
        document, report, facts = self._documents.get(path_text(path)), self._reports.get(path_text(path)), facts_path(path)
        if document is None or report is None or document.sha256 != digest or self.index is None:
            return None
        beside = self.digest(facts) if os.path.isfile(facts) else None
        if beside != self.manifest.files.get(place_of(facts)):
            return None
        try:
            return document, self.index.text(document.id), self._passages.get(document.id, []), report
        except IndexFault:
            return None


def earlier_index(folder: Path, read_as: str, chunking: object) -> Earlier | None:
    """The index in use, if its files were read and cut as files are now."""
    try:
        manifest = read_manifest(folder)
    except IndexFault:
        return None
    return Earlier(folder, manifest) if (manifest.read_as, dict(manifest.chunking)) == (read_as, chunking) else None


def nothing_to_do(
    earlier: Earlier, folders: Sequence[Path], encoder: Encoder, multilingual: Encoder | None
) -> BuildReport | None:
    """The report of a build that changes nothing, if neither the files nor the models differ and the index is whole; otherwise None."""
    manifest = earlier.manifest
    models_now = [model and {"name": model.name, "sha256": model.sha256} for model in (encoder, multilingual)]
    if models_now != [dict(manifest.encoder), manifest.multilingual and dict(manifest.multilingual)]:
        return None
    if tuple(os.path.abspath(folder) for folder in folders) != manifest.folders:
        return None
    there = [*all_files(folders), *(path for path, _ in not_read(folders))]
    if {path_text(path) for path in there} != {report.path for report in manifest.reports}:
        return None
    now = {place_of(path): earlier.digest(path) for path in watched_files(folders)}
    if now != dict(manifest.files) or "" in now.values():
        return None
    if damage(earlier.folder):
        return None
    return BuildReport(
        documents=manifest.works,
        passages=manifest.passages,
        embedded=0,
        reused=manifest.passages,
        skipped=manifest.skipped,
        replaced={report.path: report.replaced_by for report in manifest.reports if report.replaced_by},
        warnings=manifest.warnings,
        fingerprint=manifest.fingerprint,
        seconds=0.0,
        files=manifest.reports,
    )


def known_vectors(folder: Path, earlier: Earlier | None, encoder: Encoder, multilingual: Encoder | None) -> Known:
    """Vectors of the index in use, by the text that they stand for: content decides what is embedded again, not a file's name."""
    try:
        index = earlier.index if earlier else open_index(folder)
        vectors = {name: index.vectors_of(name) for name in index.vectors} if index else {}
    except IndexFault:
        return {}
    if index is None:
        return {}
    texts = [in_context(passage, encoder) for passage in index.passages]
    sets = {
        PASSAGE_VECTORS: (index.manifest.encoder, encoder),
        MULTILINGUAL_VECTORS: (index.manifest.multilingual, multilingual),
    }
    return {
        name: dict(zip(texts, vectors[name], strict=True))
        for name, (was, now) in sets.items()
        if was is not None and now is not None and was["sha256"] == now.sha256
    }


def _version_of(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
