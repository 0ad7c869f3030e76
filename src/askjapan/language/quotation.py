"""The one normalisation under which a quote must equal the file: white space, quotes and dashes, markup. Never digits or letters.

`text[start:end]` of a document and the quote of a citation are both passed through `normalise` and must then be equal, character
by character. What `normalise` does, in order, and nothing else:

1. footnote markers (`<sup>12</sup>`, unless they follow the number 10 or a unit of length, where they are exponents) and inline
   HTML tags are dropped;
2. `&amp;` and `&nbsp;` become the characters they stand for;
3. the Markdown marks `*`, `_`, `` ` ``, `|`, `^`, backslashes and `#` or `>` at the start of a line are dropped;
4. typographic quotes become `'` or `"`, the various dashes become `-`, the ligatures ﬀ ﬁ ﬂ ﬃ ﬄ their letters;
5. white space of every kind and invisible characters are dropped.

`clean` gives the readable form of a stretch of text; `normalise(clean(raw)) == normalise(raw)` for every text.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

NO_EXPONENT = r"(?<!(?<![\d.,])10)(?<!\bkm)(?<!\bm)(?<!\bcm)(?<!\bmm)"
"""Stands before a raised number in a pattern: not where that number is an exponent, as in 10⁶ or km²."""
_NOTE_MARKER = re.compile(NO_EXPONENT + r"<sup>\s*[\d,\s*†‡§–-]{1,12}\s*</sup>", re.IGNORECASE)
_EXPONENT = re.compile(r"<sup>\s*([–-]?\d{1,3})\s*</sup>", re.IGNORECASE)
_TAG = re.compile(r"</?(?:sup|sub|b|i|u|em|strong|span|br|p|a|small|code|div|font|mark|s)(?:\s[^<>]*)?/?>", re.IGNORECASE)
LINE_MARK = re.compile(r"^[ \t]*(?:#{1,6}(?=\s)|>)+", re.MULTILINE)
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
_EMPHASIS = re.compile(r"(?<![\w*\\])(\*{1,3}|__?|`)(?=\S)((?:[^*`\n]|\n(?!\s*\n))+?)(?<=\S)\1(?![\w*])")
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+.!$~|>-])")
_BREAK_AFTER_HYPHEN = re.compile(r"(?<=\w)([-‐­])[ \t]*[\r\n\f]\s*(?=\w)")
# The joiners U+200C and U+200D stay: without them an emoji family or a Persian word falls apart.
# A soft hyphen at the very end stays: the next segment goes on with the word.
_INVISIBLE = re.compile(r"\u00ad(?!\Z)|[\u200b\u200e\u200f\u2060\ufeff]")
_SPACE = re.compile(r"\s+")
_JAPANESE = r"[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]"
_BREAK_IN_JAPANESE = re.compile(rf"(?<={_JAPANESE})[ \t]*[\r\n\f]\s*(?={_JAPANESE})")
_SOFT_HYPHEN = "\u00ad"
_JOINT = re.compile(rf"{_JAPANESE}\n{_JAPANESE}|\w[-‐]\n\w")


def normalise(text: str) -> str:
    """The form in which a quote and the file are compared; see the module's docstring for the rules."""
    text = _TAG.sub("", _NOTE_MARKER.sub("", text))
    text = text.replace("&amp;", "&").replace("&nbsp;", " ")
    return _DROPPED.sub("", LINE_MARK.sub("", text).translate(_FOLDED))


def clean(raw: str) -> str:
    """A stretch of a document as a reader wants to see it: one line, no markup, no footnote markers; 10<sup>6</sup> is 10^6."""
    text = _TAG.sub("", _EXPONENT.sub(r"^\1", _NOTE_MARKER.sub("", raw)))
    text = text.replace("&amp;", "&").replace("&nbsp;", " ")
    text = _EMPHASIS.sub(r"\2", _EMPHASIS.sub(r"\2", LINE_MARK.sub("", text)))
    text = _ESCAPE.sub(r"\1", text)
    text = _INVISIBLE.sub("", _BREAK_AFTER_HYPHEN.sub(r"\1", text))
    text = _SPACE.sub(" ", _BREAK_IN_JAPANESE.sub("", text)).strip()
    # Taking marks away can make new ones ("\\# 1" becomes "# 1"): such a text is shown with its marks.
    form = normalise(raw)
    return next(shown for shown in (text, _SPACE.sub(" ", raw).strip(), raw) if normalise(shown) == form)


def join(parts: Iterable[str]) -> str:
    """Cleaned stretches as one text: parted by a space, but not inside Japanese or after the hyphen of a broken word."""
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
