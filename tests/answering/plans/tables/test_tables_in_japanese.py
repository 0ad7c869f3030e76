"""Questions on tables in Japanese, in words that the tables have or not, and on tables beside the passages that are found."""

from __future__ import annotations

import pytest

from askjapan.assistant import Assistant
from tests.support.table_answers import library_of_one, rows

TOOLS = """---
title: 三条浜市の刃物と海外
authors: 山辺 透
year: 2022
themes: 産業
---

# 三条浜市の刃物と海外

## 輸出

三条浜市の刃物は明治の末から海を渡っている。問屋は港町の商社を通じて売り、近ごろは工房が自ら英語の案内を出すようになった。

表1 刃物の国別輸出額（単位：百万円）

| 国・地域 | 2015年 包丁 | 2015年 はさみ | 2020年 包丁 | 2020年 はさみ |
| --- | --- | --- | --- | --- |
| 米国 | 410 | 95 | 730 | 88 |
| ドイツ | 156 | 48 | 202 | 44 |
| 大韓民国 | 79 | 36 | 110 | 45 |
| 合計 | 645 | 179 | 1,042 | 177 |

## 見本市

市の商工課は毎年、海外の見本市に小さな区画を借りる。旅費は半分を市が持ち、残りは組合の積立金から出している。

表2 海外見本市での成約額

| 見本市 | 開催地 | 初出展 | 参加企業数 | 成約額（万円） |
| --- | --- | --- | --- | --- |
| 台所用品展 | シカゴ | 2009年 | 12 | 5,300 |
| 食卓の祭典 | パリ | 2014年 | 7 | 2,150 |
| 手仕事市 | ソウル | 2018年 | 4 | 640 |

## 工房

工房は川沿いに並び、弟子は十年で独り立ちする。冬は炭を焼く家もあった。
"""


@pytest.fixture(scope="module")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    return library_of_one(tmp_path_factory.mktemp("tools"), "tools.md", TOOLS)


AMERICA, GERMANY, KOREA = "米国\t410\t95\t730\t88", "ドイツ\t156\t48\t202\t44", "大韓民国\t79\t36\t110\t45"


@pytest.mark.parametrize(
    ("question", "quoted", "short"),
    [
        ("2020年に三条浜市からアメリカへ輸出された包丁の額はいくらですか。", [AMERICA], "730百万円"),
        ("三条浜市の韓国向けのはさみの輸出額は2015年と2020年でどう変わりましたか。", [KOREA], "36 → 45 (+9)"),
        ("2020年の三条浜市の包丁の輸出は、ドイツと韓国のどちらが多いですか。", [GERMANY, KOREA], "ドイツ: 202; 大韓民国: 110"),
        (
            "三条浜市が出展した海外見本市で、契約額が最も多かったのはどれですか。",
            ["台所用品展\tシカゴ\t2009年\t12\t5,300"],
            "台所用品展 (5,300)",
        ),
        (
            "三条浜市が2014年以降に初めて出展した海外見本市はどれですか。",
            ["食卓の祭典\tパリ\t2014年\t7\t2,150", "手仕事市\tソウル\t2018年\t4\t640"],
            "食卓の祭典 (2014年)、手仕事市 (2018年)",
        ),
    ],
)
def test_a_row_is_found_in_japanese(tools: Assistant, question: str, quoted: list[str], short: str) -> None:
    answer = tools.ask(question)
    assert (rows(answer), answer.short) == (quoted, short)


@pytest.mark.parametrize(
    "question",
    [
        "2018年に三条浜市からアメリカへ輸出された包丁の額はいくらですか。",
        "2020年に三条浜市からフランスへ輸出された包丁の額はいくらですか。",
    ],
)
def test_another_year_or_country_is_not_computed(tools: Assistant, question: str) -> None:
    assert tools.ask(question).short == ""
