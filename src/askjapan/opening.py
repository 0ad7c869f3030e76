"""The models of a question, opened while whatever else it needs is imported: of one question's time, both together are half."""

from __future__ import annotations

from contextlib import AbstractContextManager

from askjapan.index.encoders.inference import beside
from askjapan.index.encoders.minilm import minilm
from askjapan.index.encoders.multilingual import is_installed, multilingual
from askjapan.retrieval.reader import reader
from askjapan.settings import Settings


def models_opening(settings: Settings) -> AbstractContextManager[None]:
    """Open the models of the settings while the body runs; one that cannot be opened is met again, and told of, where it is used."""
    works = [reader().load, minilm().load]
    if settings.multilingual and is_installed():
        works.append(multilingual().load)
    return beside(*works)
