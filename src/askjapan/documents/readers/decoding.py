"""Bytes → text, character for character: byte-order marks, UTF-8, Japanese encodings, then a guess that is said aloud."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from pathlib import Path

from askjapan.errors import UnreadableText, WrongFormat

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_NAMES = {
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "utf-32-le": "UTF-32",
    "utf-32-be": "UTF-32",
    "cp932": "Shift_JIS",
    "euc_jp": "EUC-JP",
    "iso2022_jp": "ISO-2022-JP",
    "iso2022_jp_ext": "ISO-2022-JP",
    "cp1252": "Windows-1252",
    "cp1250": "Windows-1250",
    "cp1251": "Windows-1251",
    "cp1253": "Windows-1253",
    "cp1254": "Windows-1254",
    "koi8_r": "KOI8-R",
    "gb18030": "GB 18030",
    "big5": "Big5",
    "cp949": "EUC-KR",
}
# Browsers read these labels as their supersets, and so do the people who write them.
_DECLARED = {
    **dict.fromkeys(("shift_jis", "shift-jis", "sjis", "x-sjis", "windows-31j", "ms_kanji"), "cp932"),
    **dict.fromkeys(("iso-8859-1", "iso8859-1", "latin1", "us-ascii", "ascii"), "cp1252"),
    **dict.fromkeys(("gb2312", "gbk", "x-gbk"), "gb18030"),
    **dict.fromkeys(("euc-kr", "ks_c_5601-1987"), "cp949"),
}
_GUESSED = ["cp1252", "cp932", "euc_jp", "cp1251", "koi8_r", "cp1250", "gb18030", "big5", "cp949", "cp1253", "cp1254"]
_SHIFTS = (b"\x1b$", b"\x1b(I", b"\x1b(J")
_KANA = re.compile("[ぁ-んァ-ヶー]")
_JAPANESE = re.compile("[ぁ-んァ-ヶー一-鿿々〆、。「」『』・（）〜～！？：；％０-９Ａ-Ｚａ-ｚ　①-⑳…―’‘“”]")
# A symbol inside a word: the text is Central European, and only looks like Windows-1252.
_SYMBOL_IN_WORD = re.compile(r"[a-z][£¥¦¨¯³¹²¼½¾¿¡Ÿ¸]|[³¹¼½¾¯][a-z]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_MOST_CONTROL = 0.02
_CHAOS_MARGIN = 0.02
_VALID_PER_BROKEN = 10


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text, without a leading byte-order mark, and sentences for the build report about how it was decoded."""

    text: str
    warnings: tuple[str, ...] = ()


def decode(path: Path, data: bytes, declared: str = "") -> Decoded:
    """The text of a file's bytes: line ends and all other characters stay as they are, only a leading byte-order mark is dropped.

    Args:
        path: for the messages.
        data: the file's bytes.
        declared: the encoding that the file itself names, if any; valid UTF-8 and byte-order marks are believed first.

    Raises:
        WrongFormat: the bytes are no text.
        UnreadableText: they seem to be text, but in no encoding known here.
    """
    decoded = _decode(path, data, declared)
    controls = len(_CONTROL.findall(decoded.text))
    if "\0" in decoded.text or controls > _MOST_CONTROL * len(decoded.text):
        raise WrongFormat(f"{path.name} is not text: it holds binary data.")
    return decoded


def _decode(path: Path, data: bytes, declared: str) -> Decoded:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _with_bom(path, data[len(bom) :], encoding)
    if b"\0" in data:
        raise WrongFormat(f"{path.name} is not text: it holds binary data.")
    if any(shift in data for shift in _SHIFTS):
        for encoding in ("iso2022_jp", "iso2022_jp_ext"):
            if (text := _strict(data, encoding)) is not None:
                return _other(path, text, encoding)
    if (text := _strict(data, "utf-8")) is not None:
        return Decoded(text)
    named = _DECLARED.get(declared.lower().strip(), declared.strip())
    if named and (text := _strict(data, named)) is not None:
        return Decoded(text)
    return _broken_utf8(path, data) or _guess(path, data)


def _strict(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None


def _with_bom(path: Path, data: bytes, encoding: str) -> Decoded:
    text = _strict(data, encoding)
    if text is None:
        text = data.decode(encoding, "replace")
        return Decoded(text, (_lost(path, text, _NAMES.get(encoding, "UTF-8")),))
    return Decoded(text) if encoding == "utf-8" else _other(path, text, encoding)


def _other(path: Path, text: str, encoding: str) -> Decoded:
    return Decoded(text, (f"{path.name} is not UTF-8; it was read as {_NAMES.get(encoding, encoding)}.",))


def _lost(path: Path, text: str, name: str) -> str:
    return f"{path.name} is not valid {name} in {text.count('�')} place(s); each is read as the replacement character U+FFFD."


def _broken_utf8(path: Path, data: bytes) -> Decoded | None:
    """UTF-8 with a few damaged characters: another encoding would turn all the good ones into noise."""
    text = data.decode("utf-8", "replace")
    broken = text.count("�")
    valid = sum(not character.isascii() for character in text) - broken
    return Decoded(text, (_lost(path, text, "UTF-8"),)) if valid >= _VALID_PER_BROKEN * broken else None


def _guess(path: Path, data: bytes) -> Decoded:
    if encoding := _japanese(data) or _likeliest(data):
        return _other(path, data.decode(encoding), encoding)
    raise UnreadableText(f"The encoding of {path.name} cannot be found out.", "Save it again as UTF-8 and add that.")


def _japanese(data: bytes) -> str:
    """The Japanese encoding in which the text has kana and hardly anything foreign to Japanese, or "".

    Kana settle it: statistics take short EUC-JP texts for Korean or Chinese ones.
    """
    best, most = "", 0.0
    for encoding in ("euc_jp", "cp932"):
        wide = [character for character in _strict(data, encoding) or "" if not character.isascii()]
        joined = "".join(wide)
        kana, known = len(_KANA.findall(joined)), len(_JAPANESE.findall(joined))
        if wide and kana > most * len(wide) and kana >= 0.1 * len(wide) and known >= 0.9 * len(wide):
            best, most = encoding, kana / len(wide)
    return best


def _likeliest(data: bytes) -> str:
    from charset_normalizer import from_bytes

    matches = from_bytes(data, cp_isolation=_GUESSED)
    best = matches.best()
    if best is None:
        return ""
    close = [match.encoding for match in matches if match.chaos <= best.chaos + _CHAOS_MARGIN] + best.could_be_from_charset
    western = _strict(data, "cp1252") if "cp1252" in close else None
    if western is None:
        return best.encoding
    if not _SYMBOL_IN_WORD.search(western):
        return "cp1252"
    return next((match.encoding for match in matches if match.encoding != "cp1252"), best.encoding)
