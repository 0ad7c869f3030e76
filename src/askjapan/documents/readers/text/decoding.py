"""Bytes → text, character for character: byte-order marks, shifts, UTF-8, the declared encoding, then a guess with a warning.

EUC-JP, Shift_JIS and ISO-2022-JP are read with Microsoft's additions to them, as browsers do.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from pathlib import Path

from askjapan.documents.readers.text.encoding_labels import codec_of
from askjapan.documents.readers.text.japanese_codes import decode_euc_jp, decode_iso_2022_jp
from askjapan.errors import UnreadableText, WrongFormat
from askjapan.sayings import Saying

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
    "euc-jp": "EUC-JP",
    "iso-2022-jp": "ISO-2022-JP",
    "iso2022_kr": "ISO-2022-KR",
    "cp1252": "Windows-1252",
    "cp1250": "Windows-1250",
    "cp1251": "Windows-1251",
    "cp1253": "Windows-1253",
    "cp1254": "Windows-1254",
    "koi8_r": "KOI8-R",
    "gb18030": "GB 18030",
    "big5": "Big5",
    "big5hkscs": "Big5",
    "utf-8": "UTF-8",
    "cp949": "EUC-KR",
}
_GUESSED = ["cp1252", "cp932", "euc_jp", "cp1251", "koi8_r", "cp1250", "gb18030", "big5", "cp949", "cp1253", "cp1254"]
_SHIFTS = re.compile(rb"\x1b(?:\$[@B](?=[\x21-\x7e])|\$\([DOPQ@B](?=[\x21-\x7e])|\$\)[ACG]|\([IJ])")
_SAVE_AGAIN = "Save it again as UTF-8 and add that."
_OWN = {"euc-jp": decode_euc_jp, "iso-2022-jp": decode_iso_2022_jp}
# What texts without a byte-order mark are made of: letters of Europe, kana, common ideographs, punctuation, full-width forms.
_COMMON = re.compile(
    "[\t\n\r -~\xa0-\u024f\u0370-\u04ff\u2010-\u2026\u2030-\u203b\u2100-\u22ff\u2460-\u26ff"
    "\u3000-\u30ff\u3200-\u33ff\u4e00-\u9fff\uff01-\uff9f]"
)
_MOSTLY_COMMON = 0.95
_TELLS_UTF16 = re.compile("[\t\n\r -~\u3000-\u30ff]")
_KANA = re.compile("[ぁ-んァ-ヶー]")
_JAPANESE = re.compile(
    "[ぁ-んァ-ヶー一-鿿々〆、。「」『』・（）〜～！？：；％０-９Ａ-Ｚａ-ｚ　〇Ⅰ-ⅿ①-⑳㈀-㏿｡-ﾟ→←↑↓○●◎◇◆□■△▲※…―’‘“”]"
)
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
    warnings: tuple[Saying, ...] = ()


def decode(path: Path, data: bytes, declared: str = "") -> Decoded:
    """The text of a file's bytes: line ends and all other characters stay as they are, only a leading byte-order mark is dropped.

    Args:
        path: for the messages.
        data: the file's bytes.
        declared: the encoding that the file itself names, if any; byte-order marks, shift sequences and valid UTF-8 are believed
            first. It has precedence over any guess, also where a few bytes do not fit.

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
    if encoding := _utf16_without_mark(data):
        return _other(path, data.decode(encoding), encoding)
    if b"\0" in data:
        raise WrongFormat(f"{path.name} is not text: it holds binary data.")
    named = codec_of(declared)
    utf8 = _strict(data, "utf-8")
    if (shift := _SHIFTS.search(data)) and (utf8 is None or data.isascii() or named == "iso-2022-jp"):
        return _shifted(path, data, shift.group())
    if utf8 is not None:
        return Decoded(utf8)
    if named and (text := _strict(data, named)) is not None:
        return Decoded(text)
    return _broken(path, data, "utf-8") or (_broken(path, data, named) if named else None) or _guess(path, data)


def _shifted(path: Path, data: bytes, shift: bytes) -> Decoded:
    """A text with shift sequences: no other encoding has them, whatever else is wrong with it."""
    if shift.startswith(b"\x1b$)"):
        text = _strict(data, "iso2022_kr") if shift == b"\x1b$)C" else None
        if text is None:
            raise UnreadableText(f"{path.name} has the shift sequences of an encoding that is not read here.", _SAVE_AGAIN)
        return _other(path, text, "iso2022_kr")
    text = decode_iso_2022_jp(data)
    return Decoded(text, (_lost(path, text, "ISO-2022-JP"),)) if "�" in text else _other(path, text, "iso-2022-jp")


def _strict(data: bytes, encoding: str) -> str | None:
    if encoding in _OWN:
        text = _OWN[encoding](data)
        return None if "�" in text else text
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _utf16_without_mark(data: bytes) -> str:
    """The byte order of a text in UTF-16 without a mark, or "" for other text; ASCII, line ends and kana show it."""
    if len(data) % 2 or (b"\0" not in data and (data.isascii() or _strict(data, "utf-8") is not None)):
        return ""
    best, best_share = "", 0.0
    for encoding in ("utf-16-le", "utf-16-be"):
        text = _strict(data, encoding)
        if not text or "\0" in text:
            continue
        common, tells = len(_COMMON.findall(text)) / len(text), len(_TELLS_UTF16.findall(text)) / len(text)
        if common >= _MOSTLY_COMMON and tells > max(best_share, 0.1 if b"\0" in data else 0.3):
            best, best_share = encoding, tells
    return best


def _with_bom(path: Path, data: bytes, encoding: str) -> Decoded:
    text = _strict(data, encoding)
    if text is None:
        text = data.decode(encoding, "replace")
        return Decoded(text, (_lost(path, text, _NAMES.get(encoding, "UTF-8")),))
    return Decoded(text) if encoding == "utf-8" else _other(path, text, encoding)


def _other(path: Path, text: str, encoding: str) -> Decoded:
    return Decoded(text, (Saying.of("other_encoding", file=path.name, encoding=_NAMES.get(encoding, encoding)),))


def _lost(path: Path, text: str, name: str) -> Saying:
    return Saying.of("characters_lost", file=path.name, encoding=name, places=text.count("�"))


def _broken(path: Path, data: bytes, encoding: str) -> Decoded | None:
    """A text with a few damaged characters: another encoding would turn all the good ones into noise."""
    text = _OWN[encoding](data) if encoding in _OWN else data.decode(encoding, "replace")
    broken = text.count("�")
    valid = sum(not character.isascii() for character in text) - broken
    return Decoded(text, (_lost(path, text, _NAMES.get(encoding, encoding)),)) if valid >= _VALID_PER_BROKEN * broken else None


def _guess(path: Path, data: bytes) -> Decoded:
    encoding = _japanese(data) or _likeliest(data)
    if encoding := "euc-jp" if encoding == "euc_jp" else encoding:
        return _other(path, _strict(data, encoding) or "", encoding)
    raise UnreadableText(f"The encoding of {path.name} cannot be found out.", _SAVE_AGAIN)


def _japanese(data: bytes) -> str:
    """The Japanese encoding in which the text has kana and hardly anything foreign to Japanese, or "".

    Kana settle it: statistics take short EUC-JP texts for Korean or Chinese ones.
    """
    best, best_share = "", 0.0
    for encoding in ("euc-jp", "cp932"):
        wide = [character for character in _strict(data, encoding) or "" if not character.isascii()]
        joined = "".join(wide)
        kana, known = len(_KANA.findall(joined)), len(_JAPANESE.findall(joined))
        if wide and kana > best_share * len(wide) and kana >= 0.1 * len(wide) and known >= 0.9 * len(wide):
            best, best_share = encoding, kana / len(wide)
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
