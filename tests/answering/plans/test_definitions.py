"""What a term is: the sentence that says so begins the answer."""

from __future__ import annotations

import pytest

from askjapan.assistant import Assistant
from tests.support.table_answers import library_of_one

pytestmark = pytest.mark.model

TEA = """---
title: 茶の都の対外発信
authors: 早瀬 透
year: 2016
language: ja
themes: tea
---

# 茶の都の対外発信

## 発信の手立て

茶縁は市の利害に支えられるときに最も強く働き、ほかの施策と合わせて考えなければならない。茶縁とは異なり、交易には値段がある。
茶縁を担うのは市の茶業課である。茶縁には毎年三千万円が使われる。

## 用語

茶縁とは、茶会をともにした人どうしが、国境を越えて続ける付き合いのことである。茶業課とは、茶の振興を受け持つ市の部署である。
"""

WOOL = """---
title: The Wool Towns of Harrick
authors: Moira Kell
year: 2011
themes: wool
---

# The wool towns of Harrick

## How it works

Loom credit is most useful when prices fall, and has to be seen beside other loans. Weavers of Harrick ask for it in winter.

## Terms

Loom credit is, as Kell defines it, a loan of yarn that is paid back in cloth. A loom steward is the officer who hands the yarn out.
"""


@pytest.fixture(scope="module")
def tea(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    return library_of_one(tmp_path_factory.mktemp("tea"), "tea.md", TEA)


@pytest.mark.parametrize(
    ("question", "begins"),
    [
        ("茶縁とは何ですか", "茶縁とは、茶会をともにした人どうしが、国境を越えて続ける付き合いのことである。"),
        ("茶業課とは何ですか。", "茶業課とは、茶の振興を受け持つ市の部署である。"),
    ],
)
def test_a_japanese_definition_begins_the_answer(tea: Assistant, question: str, begins: str) -> None:
    answer = tea.ask(question)

    assert answer.answered
    assert answer.sentences[0].text.startswith(begins)


@pytest.fixture(scope="module")
def wool(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    return library_of_one(tmp_path_factory.mktemp("wool"), "wool.md", WOOL)


@pytest.mark.parametrize("question", ["What is loom credit?", "What does loom credit mean?"])
def test_what_is_said_of_a_thing_is_no_definition_of_it(wool: Assistant, question: str) -> None:
    assert (
        wool.ask(question)
        .sentences[0]
        .text.startswith("Loom credit is, as Kell defines it, a loan of yarn that is paid back in cloth.")
    )
