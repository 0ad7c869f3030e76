"""The one normalisation under which a quote must equal the file: of white space, quotes, dashes, ligatures, markup and note markers.

`text[start:end]` of a document and the quote of a citation are both passed through `normalise` and must then be equal, character
by character. What `normalise` does, in order, and nothing else:

1. footnote markers (`[^12]`, with its colon where it opens the note; `<sup>12</sup>`, unless it follows the number 10 or a unit
   of length, where it is an exponent) and inline HTML tags are dropped;
2. `&amp;` and `&nbsp;` become the characters they stand for;
3. the Markdown marks `*`, `_`, `` ` ``, `|`, `^`, backslashes and `#` or `>` at the start of a line, or after spaces there, are dropped;
4. typographic quotes become `'` or `"`, the various dashes become `-`, the ligatures ﬀ ﬁ ﬂ ﬃ ﬄ their letters;
5. white space of every kind and invisible characters are dropped.

`clean` gives the readable form of a stretch of text; `normalise(clean(raw)) == normalise(raw)` for every text.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_left
from collections.abc import Iterable

from askjapan.language.traced import Traced

NO_EXPONENT = r"(?<!(?<![\d.,])10)(?<!\bkm)(?<!\bm)(?<!\bcm)(?<!\bmm)"
"""Lookbehind for the pattern of a raised number; it fails where the number is an exponent, as in 10⁶ or km²."""
NOTE_LABEL = r"\d{1,4}|[*†‡§¶]{1,3}|(?![A-Za-z]-[A-Za-z0-9])[A-Za-z][\w:.-]{0,31}"
"""Pattern of the label between `[^` and `]` in a note's marker; a set of characters, as in `[^a-z]`, does not match."""
NOTE_MARKER = re.compile(
    rf"^ *\[\^(?:{NOTE_LABEL})\]:|(?<!\\)\[\^(?:{NOTE_LABEL})\]|"
    # The first character is looked at before what stands in front of it: that is tried at every place of a text.
    + r"(?=<)"
    + NO_EXPONENT
    + r"<sup>(?:\s*+[\d,*†‡§–-][\d,\s*†‡§–-]{0,11}+\s*+|\s++)</sup>",
    re.IGNORECASE | re.MULTILINE,
)
_EXPONENT = re.compile(r"<sup>\s*([–-]?\d{1,3})\s*</sup>", re.IGNORECASE)
TAG = re.compile(r"</?(?:sup|sub|b|i|u|em|strong|span|br|p|a|small|code|div|font|mark|s)(?:\s[^<>]*)?/?>", re.IGNORECASE)
LINE_MARK = re.compile(r"^ *(?:#{1,6}(?=\s)|>)+", re.MULTILINE)
_DROPPED = re.compile(r"[*_`|^\\\s\u00ad\u200b-\u200f\u2028\u2029\u2060\ufeff]+")
_FOLDED = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′ʼ´", "'"),
        **dict.fromkeys("“”„‟″«»", '"'),
        **dict.fromkeys("‐‑‒–—―−﹣－", "-"),
        "ﬀ": "ff",
        "ﬁ": "fi",
        "ﬂ": "fl",
        "ﬃ": "ffi",
        "ﬄ": "ffl",
    }
)
_OPENER = re.compile(r"(?<![\w*\\])(?:\*{1,3}|__?|`)")
_CLOSERS = {mark: re.compile(rf"(?<=\S)(?={re.escape(mark)}(?![\w*]))") for mark in ("***", "**", "*", "__", "_", "`")}
_NEVER_IN_EMPHASIS = re.compile(r"[*`]|\n(?=[^\S\n]*\n)")
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+.!$~|>-])")
_BREAK_AFTER_HYPHEN = re.compile(r"(?<=\w)([-‐­])[ \t]*[\r\n\f]\s*(?=\w)")
# The joiners U+200C and U+200D stay: without them an emoji family or a Persian word falls apart.
# A soft hyphen at the very end stays: the next segment goes on with the word.
_INVISIBLE = re.compile(r"\u00ad(?!\Z)|[\u200b\u200e\u200f\u2060\ufeff]")
_SPACE = re.compile(r"\s+")
_MARKS = re.compile(r"[*_`|^\\&<>#\[\u00ad\u200b-\u200f\u2028\u2029\u2060\ufeff]")
"""All that `clean` takes away but white space."""
_JAPANESE = r"[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]"
_BREAK_IN_JAPANESE = re.compile(rf"(?<={_JAPANESE})[ \t]*[\r\n\f]\s*(?={_JAPANESE})")
_SOFT_HYPHEN = "\u00ad"
_AMPERSAND, _NO_BREAK_SPACE = re.compile("&amp;"), re.compile("&nbsp;")
_FOLDED_CHARACTERS = {chr(code): new for code, new in _FOLDED.items()}
_JOINT = re.compile(rf"{_JAPANESE}\n{_JAPANESE}|[。！？」』]\n|\w[-‐]\n\w")


def normalise(text: str) -> str:
    """The form in which a quote and the file are compared; see the module's docstring for the rules."""
    text = _without_tags(_without_markers(text))
    text = text.replace("&amp;", "&").replace("&nbsp;", " ")
    return _DROPPED.sub("", LINE_MARK.sub("", text).translate(_FOLDED))


def normalised(text: str) -> Traced:
    """The form that `normalise` gives, with the offset in the text that each character comes from."""
    marked = Traced.of(text).sub(NOTE_MARKER, "").sub(TAG, "")
    # In two steps, as in `normalise`: "&amp;nbsp;" holds two.
    plain = marked.sub(_AMPERSAND, "&").sub(_NO_BREAK_SPACE, " ").sub(LINE_MARK, "")
    return plain.translate(_FOLDED_CHARACTERS).sub(_DROPPED, "")


def clean(raw: str) -> str:
    """Readable form of a stretch of a document: one line, no markup, no footnote markers; 10<sup>6</sup> becomes 10^6.

    A text keeps its marks where it would be normalised to another form without them.
    """
    if not _MARKS.search(raw):
        return _in_one_line(_BREAK_AFTER_HYPHEN.sub(r"\1", raw))
    text = _without_tags(_EXPONENT.sub(r"^\1", _without_markers(raw)))
    text = text.replace("&amp;", "&").replace("&nbsp;", " ")
    text = _without_emphasis(_without_emphasis(LINE_MARK.sub("", text)))
    text = _ESCAPE.sub(r"\1", text)
    text = _in_one_line(_INVISIBLE.sub("", _BREAK_AFTER_HYPHEN.sub(r"\1", text)))
    # Taking marks away can make new ones ("\\# 1" becomes "# 1"): such a text is shown with its marks.
    form = normalise(raw)
    return next(shown for shown in (text, _SPACE.sub(" ", raw).strip(), raw) if normalise(shown) == form)


def _in_one_line(text: str) -> str:
    return _SPACE.sub(" ", _BREAK_IN_JAPANESE.sub("", text)).strip()


def _without_markers(text: str) -> str:
    # The pattern tries much at each character, and most texts hold nothing that it could begin with.
    return NOTE_MARKER.sub("", text) if "[^" in text or "<" in text else text


def _without_tags(text: str) -> str:
    return TAG.sub("", text) if "<" in text else text


def _without_emphasis(text: str) -> str:
    """The text without the marks around `**such**` stretches: the same mark at both ends, close to the words, no other inside.

    The closing marks are found once and looked up: a search from each opening mark would take quadratic time.
    """
    barriers: list[int] | None = None
    closers: dict[str, list[int]] = {}
    parts: list[str] = []
    place, opener = 0, _OPENER.search(text)
    while opener:
        if barriers is None:
            barriers = [match.start() for match in _NEVER_IN_EMPHASIS.finditer(text)]
        end = opener.start()
        for mark in _marks(opener.group()):
            start = opener.start() + len(mark)
            if mark not in closers:
                closers[mark] = [match.start() for match in _CLOSERS[mark].finditer(text)]
            at, wall = bisect_left(closers[mark], start + 1), bisect_left(barriers, start)
            reached = at < len(closers[mark]) and (wall == len(barriers) or closers[mark][at] <= barriers[wall])
            if reached and not text[start].isspace():
                parts += [text[place : opener.start()], text[start : closers[mark][at]]]
                place = end = closers[mark][at] + len(mark)
                break
        opener = _OPENER.search(text, max(end, opener.start() + 1))
    return "".join([*parts, text[place:]]) if parts else text


def _marks(run: str) -> tuple[str, ...]:
    """The marks that a run of signs may open with, the longest first."""
    return tuple(run[:length] for length in range(len(run), 0, -1))


def join(parts: Iterable[str]) -> str:
    """Join cleaned stretches with spaces, but with none inside Japanese, after a Japanese sentence or after the hyphen of a broken word."""
    whole = ""
    for part in parts:
        if whole.endswith(_SOFT_HYPHEN):
            whole = whole[:-1] + part
            continue
        joint = f"{whole[-2:]}\n{part[:1]}"
        whole += part if not whole or _JOINT.search(joint) else f" {part}"
    return whole


def same(raw: str, quote: str) -> bool:
    """Whether a stretch of a file is the quote, up to the normalisation; an empty quote is never the same as anything."""
    form = normalise(quote)
    return bool(form) and normalise(raw) == form


def fingerprint(quote: str) -> str:
    """SHA-256 of the normalised quote, in hexadecimal."""
    return hashlib.sha256(normalise(quote).encode()).hexdigest()
