"""Opens the models of a question on other threads while modules are imported, since both take much of the time of a single question."""

from __future__ import annotations

from contextlib import AbstractContextManager

from askjapan.index.encoders.inference import beside
from askjapan.index.encoders.minilm import minilm
from askjapan.index.encoders.multilingual import is_installed, multilingual
from askjapan.retrieval.readers.reader import reader
from askjapan.settings import Settings


def models_opening(settings: Settings) -> AbstractContextManager[None]:
    """Open the models of the settings while the body of the `with` runs; an error is not raised here, but when the model is used."""
    works = [reader().load, minilm().load]
    if settings.multilingual and is_installed():
        works.append(multilingual().load)
    return beside(*works)
