"""Errors in Japanese: every kind has a sentence, known sentences keep their figures, and no English is left in them."""

from __future__ import annotations

import json
import re
from importlib.resources import files

import pytest

from askjapan.answering.compose import REPLIES
from askjapan.errors import PasswordNeeded, QuestionError
from askjapan.web.words.fault_words import kinds
from askjapan.web.words.translations import words

JAPANESE, ENGLISH = words("ja"), words("en")
# Names of programs, formats and settings are the same in any language.
NAMES = re.compile(
    r"askjapan(?:\[ocr\])?|Tesseract|OCR|PDF|DOCX|EPUB|HTML|Markdown|JICA|Zotero|XLSX|CSV|CSL-JSON|BibTeX|RIS|JSON|UTF-8|MiB|MB|Enter|Word|APA|passage_tokens|conversations|ID|\{\w+\}"
)
DATA = json.loads(files("askjapan.web").joinpath("static/faults.json").read_text(encoding="utf-8"))["ja"]


def test_every_kind_of_error_has_a_sentence() -> None:
    assert {kind.__name__ for kind in kinds()} == set(DATA["kinds"])


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (
            "The question has 2001 characters, more than 2000. Ask it more briefly.",
            "質問が長すぎます（2001文字）。2000文字以内で入力してください。",
        ),
        (
            "'last' is no year. Give four digits, such as 2004.",
            "「last」は年として読めません。2004のように4桁の数字で入力してください。",
        ),
        ("It came after the index was built.", "検索用データを作成した後に置かれたファイルです。"),
        (
            str(PasswordNeeded("a.pdf is encrypted.")),
            "パスワードで保護されています。パスワードを外したコピーを追加してください。",
        ),
        ("Something that nobody has put into Japanese.", "処理できませんでした。もう一度お試しください。"),
    ],
)
def test_what_is_told_in_japanese(told: str, said: str) -> None:
    assert JAPANESE.fault(told) == said
    assert ENGLISH.fault(told) == told


def test_a_kind_says_what_its_sentence_does_not() -> None:
    error = QuestionError("k is 0; it must be at least 1.")
    assert JAPANESE.error(error) == "この質問や絞り込みは使えません。入力を見直してください。"
    assert ENGLISH.error(error) == "k is 0; it must be at least 1."


def test_the_japanese_page_holds_no_english() -> None:
    messages = {sentence: sentence for _, sentence in DATA["messages"]}
    said = {**JAPANESE.texts, **DATA["kinds"], **messages, **DATA["sources"], "warning": DATA["warning"]}
    left = {key: text for key, text in said.items() if re.search(r"[A-Za-z]{2,}", NAMES.sub("", text))}
    assert set(left) <= {"title", "framing"}
    unwanted = ("文献群", "埋め込み", "紙面", "箇所数", "題名", "世界のなか")
    assert {key: text for key, text in said.items() if any(word in text for word in unwanted)} == {}


def test_a_refusal_names_what_is_lacking_only_in_the_words_of_the_question() -> None:
    told = "Not in this corpus: looked for “{}”. The nearest passages do not hold {} together with the rest of the question."
    assert "「Nakhodka」" in JAPANESE.own(told.format("Did Nakhodka have one?", "Nakhodka"))
    said = JAPANESE.own(told.format("ナホトカの姉妹都市の数は？", "number"))
    assert said == JAPANESE.plain("own_nothing", question="ナホトカの姉妹都市の数は？")
    assert REPLIES
