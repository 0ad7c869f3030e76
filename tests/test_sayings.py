"""Sayings: every code that the source uses has a sentence in each language, with the same values, and no English is left in Japanese."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import asdict
from string import Formatter

import pytest

from askjapan import errors
from askjapan.errors import AskJapanError, LibraryError, PasswordNeeded, QuestionError
from askjapan.sayings import Saying, sentences
from askjapan.web.words.translations import LANGUAGES, words
from tests.support.commands import SOURCE

JAPANESE, ENGLISH = words("ja"), words("en")
# Names of programs, formats, settings and addresses are the same in any language.
NAMES = re.compile(
    r"askjapan(?:\[ocr\])?|Tesseract|OCR|PDF|DOCX|EPUB|HTML|Markdown|JICA|Zotero|XLSX|CSV|CSL-JSON|BibTeX|RIS|JSON|UTF-8|MiB|MB|Enter|Word|APA"
    r"|passage_tokens|conversations|ID|GET /gradio_api/info|\{[^{}]+\}"
)
# Said beside the sentence on the page, or the words of a library, which speak English.
OF_ENGLISH_ALONE = {"cause", "file", "folders", "kind", "known", "name", "needs_ocr", "reasons", "told", "twin"}
CALLS = {"Saying.of", "say"}


def kinds(root: type[AskJapanError] = AskJapanError) -> Iterator[type[AskJapanError]]:
    yield root
    for kind in vars(errors).values():
        if isinstance(kind, type) and kind.__base__ is root:
            yield from kinds(kind)


def values_in(*told: str) -> set[str]:
    return {name for text in told for _, name, _, _ in Formatter().parse(text) if name}


def used() -> Iterator[tuple[str, set[str] | None]]:
    """The codes that the source names, each with the names of its values; these are None where they are handed on."""
    for path in sorted((SOURCE / "askjapan").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in CALLS:
                given = {keyword.arg for keyword in node.keywords}
                names = None if None in given else {name for name in given if name and name != "language"}
                yield from ((key, names) for key in codes_in(node.args[0]))


def codes_in(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.IfExp):
        yield from (*codes_in(node.body), *codes_in(node.orelse))
    elif isinstance(node, ast.Constant):
        yield node.value


def test_every_kind_of_error_has_a_sentence() -> None:
    assert {kind.__name__ for kind in kinds()} <= set(sentences())


def test_every_code_has_a_sentence_in_each_language_with_the_same_values() -> None:
    for key, said in sentences().items():
        assert set(said) - {"remedy"} == set(LANGUAGES), key
        english, japanese = values_in(said["en"], said.get("remedy", "")), values_in(said["ja"])
        assert japanese <= english, key
        assert english - japanese <= OF_ENGLISH_ALONE, key


def test_every_code_that_the_source_names_is_there_and_gets_its_values() -> None:
    for key, names in used():
        said = sentences()[key]
        if names is not None and key != "explain_refused":
            assert names == values_in(said["en"], said.get("remedy", "")), key


def test_every_code_is_used() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in (SOURCE / "askjapan").rglob("*.py"))
    made = re.compile(r"(?:kind|theme)_.+")  # of a kind's or a theme's name
    assert [key for key in sentences() if f'"{key}"' not in text and not made.fullmatch(key) and not hasattr(errors, key)] == []


@pytest.mark.parametrize(
    ("error", "reason", "english", "japanese"),
    [
        (
            QuestionError(Saying.of("question_too_long", characters=2001, limit=2000)),
            "question_too_long",
            "The question has 2001 characters, more than 2000. Ask it more briefly.",
            "質問が長すぎます（2001文字）。2000文字以内で入力してください。",
        ),
        (
            LibraryError(Saying.of("no_year", text="last")),
            "no_year",
            "'last' is no year. Give four digits, such as 2004.",
            "「last」は年として読めません。2004のように4桁の数字で入力してください。",
        ),
        (
            PasswordNeeded("a.pdf is encrypted."),
            "PasswordNeeded",
            "a.pdf is encrypted. Save a copy without the password and add that.",
            "パスワードで保護されています。パスワードを外したコピーを追加してください。",
        ),
        (
            QuestionError("k is 0; it must be at least 1."),
            "QuestionError",
            "k is 0; it must be at least 1.",
            "この質問や絞り込みは使えません。入力を見直してください。",
        ),
    ],
)
def test_an_error_is_said_in_each_language(error: AskJapanError, reason: str, english: str, japanese: str) -> None:
    assert (error.reason, str(error), str(error.saying)) == (reason, english, english)
    assert f"{error.message} {error.remedy}".strip() == english
    assert (ENGLISH.error(error), JAPANESE.error(error)) == (english, japanese)


def test_the_values_of_an_error_are_named() -> None:
    assert QuestionError(Saying.of("question_too_long", characters=2001, limit=2000)).values == {
        "characters": 2001,
        "limit": 2000,
    }


@pytest.mark.parametrize(
    ("saying", "english", "japanese"),
    [
        (
            Saying.of("not_confirmed", figures=1, pages=("4–7",), file="a.pdf"),
            "1 figure or name on pages 4–7 of a.pdf is not in the second reading.",
            "二度目の読み取りで確認できなかった数値や名前が1件あります（ページ：4–7）。",
        ),
        (
            Saying.of("said_as", asked=("Osaca", "Kyotto"), used=("Osaka", "Kyoto")),
            "The question names Osaca, Kyotto, which the corpus does not; searched for Osaka, Kyoto.",
            "質問にある「Osaca、Kyotto」は登録文献に出てこないため、「Osaka、Kyoto」として調べました。",
        ),
        (
            Saying.of("part_missing", why=Saying.of("nothing")),
            "Not in this corpus: Nothing in it answers this closely enough to be quoted as an answer.",
            "登録文献には見当たりません。答えとして引用できるほど近い内容は見つかりませんでした。",
        ),
        (Saying.of("warning", told="{0} {x} 100%"), "{0} {x} 100%", JAPANESE.said(Saying.of("warning", told=""))),
    ],
)
def test_lists_counts_and_sayings_among_the_values(saying: Saying, english: str, japanese: str) -> None:
    assert (str(saying), saying.said("ja")) == (english, japanese)
    assert Saying.parsed(json.loads(json.dumps(asdict(saying)))) == saying


@pytest.mark.parametrize("stored", [Saying("of_tomorrow", {"page": 3}), Saying("question_too_long", {"characters": 3})], ids=str)
def test_what_another_version_has_stored_ends_in_a_sentence(stored: Saying) -> None:
    assert not stored.is_known
    assert str(stored) == f"This version of askjapan has no sentence for “{stored.key}”, which another version has stored."
    assert stored.said("ja").startswith("別の版の askjapan が保存した内容で")


def test_the_japanese_page_holds_no_english() -> None:
    said = {**JAPANESE.texts, **{f"saying {key}": text["ja"] for key, text in sentences().items()}}
    left = {key: text for key, text in said.items() if re.search(r"[A-Za-z]{2,}", NAMES.sub("", text))}
    assert set(left) <= {"title", "framing"}
    unwanted = ("文献群", "埋め込み", "紙面", "箇所数", "題名", "世界のなか")
    assert {key: text for key, text in said.items() if any(word in text for word in unwanted)} == {}
