"""Where sentences begin and end: glued ends, markers, locators, abbreviations, numbers, Japanese."""

from __future__ import annotations

import random

import pytest

from askjapan.language.sentences import sentence_spans


def split(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


@pytest.mark.parametrize(
    "parts",
    [
        # glued ends
        ["The ferry began in the spring of 1997.", "In a speech the mayor praised it."],
        ["They led in innovations.", "Both towns agreed."],
        ["It ended early [5].", "One of the men stayed."],
        ["Peace reigned.", "“Then came the war,” he wrote."],
        # markers and closers stay with their sentence
        ["It rose.[12]", "Lately it fell.<sup>3</sup>", "Then it stood still.²", "More followed."],
        ["It rose.<sup>3</sup> <sup>4</sup>", "Then it fell."],
        ["He said “no.”", "She said ‘yes.’", "(Nobody else spoke.)", "That was all."],
        ["What went wrong?", "Nothing!", "So they went on…", "And on."],
        # abbreviations, initials, numbers
        ["T. Hirose and K. Ono et al. wrote vol. 8, no. 29, pp. 93-95 of it."],
        ["On Oct. 1 it rose by 3.5 percent, to 1,576.", "It fell on Dec. 21, 1998."],
        ["The answer is no.", "Then they left."],
        ["They traded rice, tea, fish etc.", "Later they stopped."],
        ["The U.S. Army and Mr. Abe came at 3 p.m. Tokyo time."],
        ["He lived in the U.S.", "The state was far away."],
        ["See e.g. Ota (2003), cf. Mori, i.e. the lot."],
        ["By Apr. 24 the dean, Dr. Sato, had left St. Petersburg."],
        # no end inside a quotation that goes on, an ellipsis, an address
        ["What does “one that…” refer to?", "One approach works."],
        ["“Can they say ‘NO!’ as one?” asked he.", "Nobody knew."],
        ["It joined the ranks of ordinary trades . . . and is over.", "Then nothing."],
        ["It is kept at https://www.Example.org/a.Bc and at person@Mail.Example for all.", "Look there."],
        # Japanese and Cyrillic
        ["港は1961年に開かれた。", "町は栄えた！", "なぜか？", "誰も知らない。"],
        ["市長は「行く。」と述べた。", "議会は「行かない。」と答えた。", "「終わり。」", "次の日は雨だった。"],
        ["т. е. это так.", "Новое время."],
        ["港は開かれた。[3]", "町は栄えた。"],
    ],
)
def test_sentences(parts):
    glue = "" if any("\u3040" <= char <= "\u30ff" for char in parts[0]) else " "
    assert split(glue.join(parts)) == parts


@pytest.mark.parametrize(
    ("glued", "parts"),
    [
        ("It was 1997.In a speech", ["It was 1997.", "In a speech"]),
        ("in innovations.Both came", ["in innovations.", "Both came"]),
        ("the region[5].One of them", ["the region[5].", "One of them"]),
        ("Y.Kawaguchi and S.Kondo met", ["Y.Kawaguchi and S.Kondo met"]),
        ("P.11 of vol.10,no.2", ["P.11 of vol.10,no.2"]),
        ("see Mr.Abe there", ["see Mr.Abe there"]),
    ],
)
def test_without_a_space(glued, parts):
    assert split(glued) == parts


def test_offsets_are_true_and_without_white_space_at_the_ends():
    assert sentence_spans("  One ended.\r\n\tTwo did not ") == [(2, 12), (15, 26)]


def test_nothing_is_no_sentence():
    assert sentence_spans("") == []
    assert sentence_spans(" \n\u3000\t") == []


@pytest.mark.parametrize("seed", range(4))
def test_spans_are_in_order_apart_and_leave_only_white_space_out(seed):
    chance = random.Random(seed)
    pieces = ["Ports ", "fell", ". ", ".", "? ", "! ", "。", "」", "「", "T. ", "1997", ".In a ", "[3]", "<sup>1</sup>"]
    pieces += ["¹", "\n", "…", "日本", ") ", "“", "” "]
    for _ in range(1_000):
        text = "".join(chance.choices(pieces, k=chance.randint(1, 20)))
        spans = sentence_spans(text)
        bounds = [0, *(place for span in spans for place in span), len(text)]
        assert bounds == sorted(bounds), text
        between = (text[bounds[i] : bounds[i + 1]] for i in range(0, len(bounds), 2))
        assert not "".join(between).strip(), text
        assert all(text[start:end] == text[start:end].strip() != "" for start, end in spans), text


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("港は古い．町は新しい．人口は３．５万人である。", ["港は古い．", "町は新しい．", "人口は３．５万人である。"]),
        ("値は3．5だ｡次の文｡", ["値は3．5だ｡", "次の文｡"]),
        ("１．はじめに港を見る．次に町を見る。", ["１．はじめに港を見る．", "次に町を見る。"]),
        ("Boats came.[^1] They left[^a-2]. 港は古い。[^3]次。", ["Boats came.[^1]", "They left[^a-2].", "港は古い。[^3]", "次。"]),
    ],
)
def test_full_width_stops_and_markers_of_notes(text, sentences):
    assert [text[start:end] for start, end in sentence_spans(text)] == sentences
