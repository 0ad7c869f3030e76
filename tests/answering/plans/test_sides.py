"""The sides of a comparison, each as it can be searched for alone."""

from __future__ import annotations

import pytest

from askjapan.answering.plans.parts import parts_of, shared_parts
from askjapan.answering.plans.sides import sides_of


@pytest.mark.parametrize(
    ("question", "sides"),
    [
        ("Compare steel and wood as building materials", ("steel as building materials", "wood as building materials")),
        ("What is the difference between lakes and ponds?", ("lakes", "ponds")),
        ("Compare Chile's and Peru's policy on copper", ("Chile's policy on copper", "Peru's policy on copper")),
        ("How does French law differ from English law?", ("French law", "English law")),
        ("Compare rents in Bonn with those in Kiel", ("rents in Bonn", "rents in Kiel")),
        ("Compare the pickers from Nepal and the pickers from Laos", ("the pickers from Nepal", "the pickers from Laos")),
        ("Rail versus road", ("Rail", "road")),
        ("What do Kant and Hume have in common?", ("Kant", "Hume")),
        ("How do Bonn and Kiel differ as ports when it rains?", ("Bonn as ports when it rains", "Kiel as ports when it rains")),
        ("フランスとイギリスの法律の違いは何ですか", ("フランスの法律", "イギリスの法律")),
        ("鉄道と道路を比較してください", ("鉄道", "道路")),
        ("Compare the vaccines", ()),
    ],
)
def test_sides(question: str, sides: tuple[str, ...]) -> None:
    assert sides_of(question) == sides


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("When was it built, and how many rooms does it have?", ("When was it built?", "How many rooms does it have?")),
        ("Who built the tower and why was it sold?", ("Who built the tower?", "Why was it sold?")),
        ("When was it built? How many rooms does it have?", ("When was it built?", "How many rooms does it have?")),
        ("塔はいつ建てられましたか。また、誰が建てましたか。", ("塔はいつ建てられましたか", "誰が建てましたか")),
        ("町はいつ誰が作ったか、費用はいくらか", ("町はいつ誰が作ったか", "費用はいくらか")),
        ("祭りがどれだけ人を呼ぶのか、測りにくいのはなぜですか。", ()),
        ("橋はいつできたか、教えてください。", ()),
        ("Which towns and villages were flooded?", ()),
        ("How many men and women work there?", ()),
        ("When was it built?", ()),
    ],
)
def test_parts(question: str, parts: tuple[str, ...]) -> None:
    assert parts_of(question) == parts


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("Who built the tower, and when?", ["Who built the tower?", "When built the tower?"]),
        ("When and where was the bell cast?", ["When was the bell cast?", "Where was the bell cast?"]),
        ("塔を建てたのは誰で、いつですか", ["塔を建てたのは誰ですか", "塔を建てたのはいつですか"]),
        ("鐘はいつ、どこで作られましたか", ["鐘はいつ作られましたか", "鐘はどこで作られましたか"]),
        ("Who built the tower and the bridge?", []),
        ("塔を建てたのは誰ですか", []),
    ],
)
def test_parts_that_share_a_clause(question: str, asked: list[str]) -> None:
    assert [part.asked for part in shared_parts(question)] == asked
