"""Reads the looks of paragraphs and runs of a Word document from their styles and their own properties."""

from __future__ import annotations

import re
from dataclasses import dataclass

from askjapan.documents.readers.docx.lists import Node, W, value, whole

_HEADING = re.compile(r"heading ([1-9])", re.IGNORECASE)
_CONTENTS = re.compile(r"toc (?:\d|heading)|table of (?:figures|authorities)", re.IGNORECASE)
_QUOTATION = re.compile(r"(?:intense )?quotes?|quotations?|block (?:text|quote)", re.IGNORECASE)
_HEADING_LEVELS = 6
_LIST_LEVELS = 8
_BODY_TEXT = "9"  # as an outline level
_OFF = ("0", "false", "off", "none")
_DEEPEST = 20


@dataclass(frozen=True, slots=True)
class Look:
    """Look of a paragraph; `level` is that of a heading, 0 for text."""

    level: int = 0
    list_id: str = ""
    list_level: int = 0
    is_contents: bool = False
    is_quotation: bool = False


@dataclass(frozen=True, slots=True)
class RunLook:
    """Look of a run: `shift` is 1 for raised, -1 for lowered, else 0; `font` is "" unless one is named."""

    is_hidden: bool = False
    is_struck: bool = False
    shift: int = 0
    font: str = ""


class Looks:
    """The looks that a document's styles give."""

    def __init__(self, styles: Node) -> None:
        """`styles` is the root of `word/styles.xml`."""
        self._styles = {style.get(W + "styleId"): style for style in styles.iter(W + "style")}
        paragraphs = [name for name, style in self._styles.items() if style.get(W + "type") == "paragraph"]
        self._default = next((name for name in paragraphs if self._styles[name].get(W + "default")), "")
        self._known: dict[str, Look] = {}
        self._settings: dict[tuple[str, str], str] = {}

    def paragraph(self, node: Node) -> Look:
        """The look of a `w:p`."""
        own = node.find(W + "pPr")
        style = self._style(value(own, "pStyle", self._default))
        outline = value(own, "outlineLvl")
        level = _outline_level(outline) if outline else style.level
        list_id = value(own, "numPr/numId", style.list_id)
        list_level = value(own, "numPr/ilvl") or (str(style.list_level) if list_id == style.list_id else "0")
        # List 0 takes a paragraph out of the list of its style.
        list_id = "" if list_id == "0" else list_id
        return Look(min(level, _HEADING_LEVELS), list_id, whole(list_level, _LIST_LEVELS), style.is_contents, style.is_quotation)

    def run(self, node: Node, paragraph_style: str) -> RunLook:
        """The look of a `w:r` in a paragraph of a style ("" for the default one)."""
        own = node.find(W + "rPr")
        character_style = value(own, "rStyle")
        if own is None and not paragraph_style:
            paragraph_style = self._default

        def switched(name: str) -> bool:
            """Whether a switch is on: the run's own one decides, else just one of its two styles has it on (as in Word)."""
            direct = _setting(own, name)
            if direct:
                return direct not in _OFF
            styles = (self._setting(character_style, name), self._setting(paragraph_style or self._default, name))
            return sum(bool(each) and each not in _OFF for each in styles) == 1

        def shown(name: str) -> str:
            return _setting(own, name) or self._setting(character_style, name)

        aligned = shown("vertAlign")
        raised = shown("position").lstrip("+")
        shift = {"superscript": 1, "subscript": -1}.get(aligned, 0)
        if not shift and raised.lstrip("-").isdecimal() and int(raised):
            shift = -1 if raised.startswith("-") else 1
        return RunLook(switched("vanish"), switched("strike") or switched("dstrike"), shift, shown("rFonts"))

    def _style(self, style_id: str, depth: int = 0) -> Look:
        style = self._styles.get(style_id)
        if style is None or depth > _DEEPEST:
            return Look()
        if style_id not in self._known:
            base = self._style(value(style, "basedOn"), depth + 1)
            name = value(style, "name")
            heading = _HEADING.fullmatch(name)
            level = int(heading.group(1)) if heading else 1 if name.lower() == "title" else base.level
            level = level or _outline_level(value(style, "pPr/outlineLvl", _BODY_TEXT))
            # "List Bullet 2" is one deeper than "List Bullet", in a list of its own.
            deeper = re.fullmatch(r"list (?:bullet|number) ([2-9])", name, re.IGNORECASE)
            own_level = str(int(deeper.group(1)) - 1) if deeper else value(style, "pPr/numPr/ilvl", str(base.list_level))
            list_level = whole(own_level, _LIST_LEVELS)
            list_id = value(style, "pPr/numPr/numId", base.list_id)
            is_contents = base.is_contents or bool(_CONTENTS.fullmatch(name))
            is_quotation = base.is_quotation or bool(_QUOTATION.fullmatch(name))
            self._known[style_id] = Look(level, list_id, list_level, is_contents, is_quotation)
        return self._known[style_id]

    def _setting(self, style_id: str, name: str) -> str:
        """A run's property as a style, or one that it is based on, sets it; "" if none does."""
        if (style_id, name) not in self._settings:
            setting, current = "", style_id
            for _ in range(_DEEPEST):
                style = self._styles.get(current)
                if style is None or setting:
                    break
                setting = _setting(style.find(W + "rPr"), name)
                current = value(style, "basedOn")
            self._settings[style_id, name] = setting
        return self._settings[style_id, name]


def _setting(properties: Node | None, name: str) -> str:
    """A run property as text: its value, "1" for a switch that is only there, "" where there is none."""
    element = None if properties is None else properties.find(W + name)
    if element is None:
        return ""
    return str(element.get(W + ("ascii" if name == "rFonts" else "val")) or ("" if name == "rFonts" else "1"))


def _outline_level(outline: str) -> int:
    return 0 if outline == _BODY_TEXT else whole(outline, _HEADING_LEVELS) + 1
