"""Builds an index from corpus folders: incremental, with progress, while the index in use goes on serving."""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from askjapan.documents.facts.catalogue import load_catalogue
from askjapan.documents.passages import ENCODING, Sizes
from askjapan.file_names import path_text
from askjapan.index.encoders.embedding import Progress, embed
from askjapan.index.encoders.encoder import Encoder
from askjapan.index.gathering import Gathered, gather
from askjapan.index.reading import FileReader, prove_fit
from askjapan.index.report import BuildReport
from askjapan.index.reuse import earlier_index, known_vectors, nothing_to_do, reading_version
from askjapan.index.search.engine import Engines, models_of
from askjapan.index.search.holders import refuse_others
from askjapan.index.search.served import move_in, put_in
from askjapan.index.staleness import CHUNKING_VERSION
from askjapan.index.storage.manifest import FORMAT, Manifest
from askjapan.index.storage.store import building_lock, save
from askjapan.index.works.corpus import stamps_of, watched_files


def build(
    folders: Sequence[Path],
    index_folder: Path,
    encoder: Encoder,
    *,
    catalogue: Path,
    multilingual: Encoder | None = None,
    passage_tokens: int = 120,
    progress: Progress = lambda stage, done, total: None,
    wait: bool = False,
    engines: Engines | None = None,
    executor: Executor | None = None,
) -> BuildReport:
    """Read the folders and write their index; files that cannot be read are left out and reported.

    Args:
        folders: where the works are, searched with their subfolders.
        index_folder: where the index goes; the one in use serves until the new one is complete.
        encoder, multilingual: the models; without a multilingual one, questions are answered in the encoder's language only.
        catalogue: the file that full texts are recognised by.
        passage_tokens: target size of a passage in tiktoken tokens.
        progress: told how far reading and embedding are.
        wait: for another build of that folder to end before this one begins, instead of raising.
        engines: of a server that searches the index, a vector set each; it has all passages before the new index is put to use.
        executor: whose workers read, cut and embed; without one this process does.

    Raises:
        LibraryError: a folder does not exist, or there is nothing to index.
        CatalogueError: the catalogue cannot be used.
        IndexBusy: another build is writing to that folder.
        IndexFault: the index folder cannot be written to, or the engines' server fails.
        IndexTaken: the entries of the engines are those of another home; nothing is read or changed then.
        EncoderError: a model is missing, or a passage would be cut.
    """
    began, today = time.perf_counter(), time.time()
    known = load_catalogue(catalogue)
    chunking = {
        "version": CHUNKING_VERSION,
        "tokenizer": ENCODING,
        "passage_tokens": passage_tokens,
        "piece_limit": encoder.limit,
    }
    read_as = reading_version(catalogue)
    with building_lock(index_folder, wait=wait):
        refuse_others(engines or {}, index_folder)
        stamps = stamps_of(watched_files(folders), today)
        earlier = earlier_index(index_folder, read_as, chunking)
        if earlier and (report := nothing_to_do(earlier, folders, encoder, multilingual)):
            if engines and earlier.index:
                move_in(earlier.index, engines, progress)
            return replace(report, seconds=time.perf_counter() - began)
        sizes = Sizes(passage_tokens, encoder.limit, encoder.count_pieces)
        corpus = gather(folders, sizes, FileReader(known, encoder, passage_tokens, executor), earlier, progress)
        kept = {document.id for document in corpus.documents if document.path in corpus.kept}
        prove_fit([passage for passage in corpus.passages if passage.document_id not in kept], encoder)
        vectors = embed(
            corpus.passages,
            encoder,
            multilingual,
            known_vectors(index_folder, earlier, encoder, multilingual),
            progress,
            executor,
        )
        manifest = replace(
            _manifest(corpus, folders, encoder, multilingual, chunking),
            read_as=read_as,
            # What has another stamp now may have changed after it was read, and keeps none.
            stamps=dict(stamps.items() & stamps_of(watched_files(folders), today).items()),
        )
        models = models_of(manifest)
        with put_in(engines or {}, corpus.passages, lambda name, rows: vectors.sets[name][rows], models, index_folder, progress):
            save(index_folder, manifest, corpus.passages, corpus.texts, vectors.sets)
    return BuildReport(
        documents=tuple(document for document in corpus.documents if document.is_listed),
        passages=len(corpus.passages),
        embedded=vectors.embedded,
        reused=vectors.reused,
        skipped=corpus.skipped,
        replaced=corpus.replaced,
        warnings=corpus.warnings,
        fingerprint=manifest.fingerprint,
        seconds=time.perf_counter() - began,
        files=manifest.reports,
    )


def _manifest(
    corpus: Gathered,
    folders: Sequence[Path],
    encoder: Encoder,
    multilingual: Encoder | None,
    chunking: Mapping[str, Any],
) -> Manifest:
    models = [{"name": model.name, "sha256": model.sha256} if model else None for model in (encoder, multilingual)]
    facts = [{key: value for key, value in asdict(document).items() if key != "path"} for document in corpus.documents]
    state: dict[str, Any] = {
        "format": FORMAT,
        "models": models,
        "chunking": chunking,
        "documents": sorted(facts, key=lambda fact: str(fact["id"])),
    }
    canonical = json.dumps(state, sort_keys=True)
    return Manifest(
        fingerprint=hashlib.sha256(canonical.encode()).hexdigest(),
        encoder=models[0] or {},
        multilingual=models[1],
        chunking=chunking,
        folders=tuple(path_text(os.path.abspath(folder)) for folder in folders),
        files=corpus.files,
        skipped=corpus.skipped,
        documents=tuple(corpus.documents),
        passages=len(corpus.passages),
        warnings=corpus.warnings,
        reports=corpus.file_reports(),
    )
