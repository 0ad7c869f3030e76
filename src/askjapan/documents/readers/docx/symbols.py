"""Characters of Word's symbol fonts (`w:sym`, and letters set in them) → the Unicode characters that they show."""

from __future__ import annotations

_SYMBOL = (
    " !∀#∃%&∋()∗+,−./0123456789:;<=>?≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_‾αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼"
    + 33 * "\0"
    + "€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…⏐⎯↵ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓◊〈®©™∑⎛⎜⎝⎡⎢⎣⎧⎨⎩⎪\0〉∫⌠⎮⌡⎞⎟⎠⎤⎥⎦⎫⎬⎭"
)
_FIRST = 0x20
_WINGDINGS = {
    0x6C: "●", 0x6D: "❍", 0x6E: "■", 0x6F: "□", 0x71: "❑", 0x72: "❒", 0x73: "⬧", 0x74: "⧫", 0x75: "◆", 0x76: "❖", 0x77: "⬥",
    0x9E: "·", 0x9F: "•", 0xA1: "○", 0xA7: "▪", 0xA8: "□", 0xD5: "⌫", 0xD8: "➢", 0xDF: "←", 0xE0: "→", 0xE1: "↑", 0xE2: "↓",
    0xE8: "➔", 0xEF: "⇦", 0xF0: "⇨", 0xF1: "⇧", 0xF2: "⇩", 0xF3: "⬄", 0xFB: "✗", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑",
    0x4A: "☺", 0x4B: "😐", 0x4C: "☹", 0x28: "☎", 0x2A: "✉", 0x22: "✂", 0x80: "⓪", 0x8B: "⓿",
    **{0x81 + number: chr(0x2460 + number) for number in range(10)}, **{0x8C + number: chr(0x2776 + number) for number in range(10)},
}  # fmt: skip
_WINGDINGS_2 = {0x4F: "✗", 0x50: "✓", 0x51: "☒", 0x52: "☑", 0xA3: "□", 0x97: "●", 0x98: "●"}
_FONTS = {"symbol": {}, "wingdings": _WINGDINGS, "wingdings 2": _WINGDINGS_2}
_PRIVATE = range(0xF000, 0xF100)
UNKNOWN = "\ufffd"


def is_symbol_font(font: str) -> bool:
    """Whether letters set in a font stand for other characters."""
    return font.lower() in _FONTS


def character(font: str, code: str) -> str:
    """The character that a `w:sym` shows, by its font and its hexadecimal code; U+FFFD where that is not known."""
    try:
        number = int(code, 16)
    except ValueError:
        return UNKNOWN
    return _shown(font.lower(), number)


def text_in(font: str, text: str) -> str:
    """A text as a symbol font shows it."""
    return "".join(_shown(font.lower(), ord(char)) if ord(char) in _PRIVATE or ord(char) < 0x100 else char for char in text)


def _shown(font: str, number: int) -> str:
    place = number - _PRIVATE.start if number in _PRIVATE else number
    if font == "symbol" and _FIRST <= place < _FIRST + len(_SYMBOL):
        return _SYMBOL[place - _FIRST].replace("\0", UNKNOWN)
    if font in _FONTS and font != "symbol":
        return " " if place == _FIRST else _FONTS[font].get(place, UNKNOWN)
    return chr(number) if number not in _PRIVATE and number >= _FIRST else UNKNOWN
