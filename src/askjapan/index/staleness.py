"""Tells whether an index still fits the files, the models and the settings."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from askjapan.errors import AskJapanError
from askjapan.index.encoders.encoder import Encoder
from askjapan.index.storage.manifest import Manifest, damage, read_manifest
from askjapan.index.works.corpus import digest_now, place_of, watched_files

CHUNKING_VERSION = 6
"""Version of how texts are cut into passages and of their index terms; an index of another one is built again."""


def changes(manifest: Manifest, folders: Sequence[Path]) -> list[str]:
    """Differences between the files that an index was built from and the folders now, one sentence a file.

    Raises:
        LibraryError: a folder does not exist.
    """
    now = {place_of(path): digest_now(path, manifest) for path in watched_files(folders)}
    before = manifest.files
    return [
        *(f"{path} is new." for path in now if path not in before),
        *(f"{path} has changed." for path in now if path in before and before[path] != now[path]),
        *(f"{path} is gone." for path in before if path not in now),
    ]


def mismatch(manifest: Manifest, encoder: Encoder, passage_tokens: int, multilingual: bool) -> str:
    """Reason why an index cannot serve these settings, as a sentence; empty if it can."""
    if manifest.encoder["sha256"] != encoder.sha256:
        return f"It was built with the encoder {manifest.encoder['name']}, the settings say {encoder.name}."
    if manifest.chunking["version"] != CHUNKING_VERSION:
        return "It was built by another version of askjapan."
    if manifest.chunking["passage_tokens"] != passage_tokens:
        return f"It was built with passages of {manifest.chunking['passage_tokens']} tokens, the settings say {passage_tokens}."
    if multilingual and manifest.multilingual is None:
        return "It was built without the multilingual encoder, which is installed now."
    return ""


def staleness(
    index_folder: Path,
    folders: Sequence[Path],
    encoder: Encoder,
    passage_tokens: int,
    multilingual: bool,
    *,
    vectors: bool = True,
) -> str:
    """Reason to build the index again, as a sentence; empty if it is up to date. `vectors` is as for `damage`.

    Raises:
        LibraryError: a folder does not exist.
    """
    try:
        manifest = read_manifest(index_folder)
    except AskJapanError as error:
        return error.message
    if reason := mismatch(manifest, encoder, passage_tokens, multilingual):
        return reason
    try:
        broken = damage(index_folder, vectors=vectors)
    except AskJapanError as error:
        return error.message
    if broken:
        return broken[0]
    differing = changes(manifest, folders)
    return f"{differing[0]} ({len(differing)} differences in all.)" if len(differing) > 1 else "".join(differing)
