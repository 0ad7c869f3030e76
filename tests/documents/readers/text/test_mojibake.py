"""Mojibake: UTF-8 that was taken for another encoding is told, ordinary accents and rare kanji are not."""

from __future__ import annotations

import pytest

from askjapan.documents.readers.text.mojibake import mojibake

FRENCH = "L’été à Nîmes fut très chaud, dit-il, « même à l’ombre ». "
JAPANESE = "港の船は毎朝六時に島へ向かう。灯台の火は消えない。"


@pytest.mark.parametrize(
    "text",
    [
        FRENCH.encode().decode("cp1252", "replace") * 2,
        FRENCH.encode().decode("latin-1") * 2,
        JAPANESE.encode().decode("cp932", "replace") * 2,
    ],
)
def test_utf8_in_another_encoding_is_told(text: str) -> None:
    assert " places look like mojibake, such as “" in str(mojibake(text))


@pytest.mark.parametrize(
    "text", ["", FRENCH * 50, JAPANESE * 50, "São Paulo, Ângela, château, bâtiment, Ã and Â. " * 20, FRENCH * 500 + "\ufffd" * 5]
)
def test_ordinary_texts_are_not(text: str) -> None:
    assert mojibake(text) is None
