"""Every compiled pattern of the package is quick on texts that are made to slow it down."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import askjapan

LENGTH = 20_000
MOST_SECONDS = 0.05
# Shorter texts first: what is quick on them cannot be slow on the long one, and what is beyond all measure shows there already.
STEPS = ((100, 0.000_1), (2_000, 0.000_4))
SEVERAL = (" ", "a", "1", ".", "\n", "a ", "a.", "1,", "A. ", "\r\n", "\n ", " \n", "あ", "漢", "(", "\u0301")
MOST_UNITS = 40
_parser: Any = importlib.import_module("re._parser" if sys.version_info >= (3, 11) else "sre_parse")


def patterns() -> dict[str, re.Pattern[Any]]:
    """All patterns that the package's modules hold, also in tuples and mappings, by a name for each."""
    found: dict[str, re.Pattern[Any]] = {}
    seen: set[tuple[Any, int]] = set()

    def look(value: object, name: str, depth: int = 0) -> None:
        if isinstance(value, re.Pattern) and (value.pattern, value.flags) not in seen:
            seen.add((value.pattern, value.flags))
            found[name] = value
        elif depth < 3 and isinstance(value, (dict, tuple, list, set, frozenset)) and not name.endswith("__"):
            for at, each in enumerate((*value, *value.values()) if isinstance(value, dict) else value):
                look(each, f"{name}.{at}", depth + 1)

    modules = [each.name for each in pkgutil.walk_packages(askjapan.__path__, "askjapan.") if not each.name.endswith("__main__")]
    for module in modules:
        for name, value in vars(importlib.import_module(module)).items():
            look(value, f"{module}.{name}")
    return found


def written_in_functions() -> dict[str, re.Pattern[Any]]:
    """The patterns that stand as literals in calls of `re`, within functions too, by their place; parts known only when called are left out."""
    found: dict[str, re.Pattern[Any]] = {}
    package = Path(askjapan.__file__).parent
    for path in sorted(package.rglob("*.py")):
        module = path.relative_to(package).with_suffix("").as_posix().replace("/", ".")
        names = vars(importlib.import_module(f"askjapan.{module}".removesuffix(".__init__"))) if module != "__main__" else {}
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and ast.unparse(node.func.value) == "re":
                text = _evaluated(node.args[0], names) if node.args and node.func.attr != "escape" else None
                if isinstance(text, str):
                    # What is matched at a beginning only is not looked for from every place.
                    text = rf"\A(?:{text})" if node.func.attr in ("match", "fullmatch") else text
                    flags = next(
                        (
                            _evaluated(one, names)
                            for one in [*node.args, *(k.value for k in node.keywords)]
                            if "re." in ast.unparse(one)
                        ),
                        0,
                    )
                    found[f"askjapan.{module}:{node.lineno}"] = re.compile(text, flags if isinstance(flags, int) else 0)
    return found


def _evaluated(node: ast.expr, names: dict[str, Any]) -> object:
    """What an expression of constants and names of its module is; None where it is none."""
    if any(isinstance(part, ast.Call) for part in ast.walk(node)):
        return None
    try:
        return eval(compile(ast.Expression(node), "", "eval"), dict(names))
    except (NameError, AttributeError, KeyError, TypeError):
        return None


def characters_of(tree: Any) -> Iterator[str]:
    """A character for each piece of a parsed pattern that matches one."""
    for kind, value in tree:
        name = str(kind)
        if name == "LITERAL":
            yield chr(value)
        elif name in ("NOT_LITERAL", "ANY"):
            yield "x"
        elif name == "IN":
            yield from _of_set(value)
        else:
            for part in _parts(value):
                yield from characters_of(part)


def _of_set(members: Any) -> Iterator[str]:
    for kind, value in members:
        name = str(kind)
        if name == "LITERAL":
            yield chr(value)
        elif name == "RANGE":
            yield chr(value[0])
        elif name == "CATEGORY":
            yield {"CATEGORY_SPACE": " ", "CATEGORY_DIGIT": "7", "CATEGORY_WORD": "w"}.get(str(value), "x")
        elif name == "NEGATE":
            yield "x"


def _parts(value: Any) -> Iterator[Any]:
    """The parsed pieces within one of a pattern, such as a group or the branches of an alternative."""
    if isinstance(value, _parser.SubPattern):
        yield value
    elif isinstance(value, (tuple, list)):
        for each in value:
            yield from _parts(each)


def literals_of(tree: Any) -> Iterator[str]:
    """The runs of plain characters in a parsed pattern, such as "vol" or "<!--"."""
    run = ""
    for kind, value in tree:
        if str(kind) == "LITERAL":
            run += chr(value)
            continue
        if len(run) > 1:
            yield run
        run = ""
        for part in _parts(value) if str(kind) != "IN" else ():
            yield from literals_of(part)
    if len(run) > 1:
        yield run


def pieces(pattern: re.Pattern[Any]) -> tuple[list[str], list[str]]:
    """The characters and the words that a pattern is made of."""
    text = pattern.pattern.decode("latin-1") if isinstance(pattern.pattern, bytes) else pattern.pattern
    tree = _parser.parse(text, pattern.flags & ~(re.UNICODE if isinstance(pattern.pattern, bytes) else 0))
    single = list(dict.fromkeys(characters_of(tree)))[:MOST_UNITS]
    return single, list(dict.fromkeys(literals_of(tree)))[: MOST_UNITS // 2]


def texts(pattern: re.Pattern[Any]) -> Iterator[tuple[str, str, str]]:
    """A beginning, a unit to repeat and an end: a pattern may have to be led past its beginning to be slow."""
    single, words = pieces(pattern)
    pairs = [one + other for one in single[:6] for other in single[:6] if one != other]
    for unit in dict.fromkeys([*SEVERAL, *single, *pairs, *words, *(f"{word} " for word in words)]):
        yield "", unit, ""
        yield "", unit, "\x00 x\x00"
    for start in [*words[:6], *single[:6]]:
        for unit in dict.fromkeys([" ", *single[:8]]):
            yield start, unit, "\x00 x\x00"


def seconds(pattern: re.Pattern[Any], start: str, unit: str, length: int, end: str) -> float:
    text: Any = start + (unit * (length // len(unit) + 1))[:length] + end
    if isinstance(pattern.pattern, bytes):
        text = text.encode("utf-8")[:length]
    begun = time.process_time()
    pattern.fullmatch(text)
    for _ in pattern.finditer(text):
        pass
    return time.process_time() - begun


def too_slow(pattern: re.Pattern[Any], start: str, unit: str, end: str) -> bool:
    for length, enough in STEPS:
        if (took := seconds(pattern, start, unit, length, end)) > 10 * MOST_SECONDS:
            return True
        if length == STEPS[-1][0] and took < enough:
            return False
    # The quickest of several runs is the pattern's own cost: this machine may have been busy with something else, but not that busy.
    for _ in range(8):
        took = seconds(pattern, start, unit, LENGTH, end)
        if took <= MOST_SECONDS or took > 10 * MOST_SECONDS:
            return took > MOST_SECONDS
    return True


def slow_on(pattern: re.Pattern[Any]) -> str:
    """The first text that the pattern is slow on, as its beginning and its unit; empty if there is none."""
    return next((f"{start!r} and {unit!r}s" for start, unit, end in texts(pattern) if too_slow(pattern, start, unit, end)), "")


# Named without importing them: that takes seconds, and all tests are collected before one runs.
ROOMS = sorted(
    {
        path.relative_to(Path(askjapan.__file__).parent).parts[0].removesuffix(".py")
        for path in Path(askjapan.__file__).parent.rglob("*.py")
    }
)


@pytest.mark.parametrize("room", ROOMS)
def test_no_pattern_is_slow_on_any_repetition(room: str) -> None:
    slow = {name: slow_on(each) for name, each in patterns().items() if name.split(".")[1] == room}
    assert {name: text for name, text in slow.items() if text} == {}


def test_no_pattern_within_a_function_is_slow_either() -> None:
    known = {(each.pattern, each.flags) for each in patterns().values()}
    others = {name: each for name, each in written_in_functions().items() if (each.pattern, each.flags) not in known}
    assert len(others) > 50
    slow = {name: slow_on(each) for name, each in others.items()}
    assert {name: text for name, text in slow.items() if text} == {}


def test_a_pattern_that_is_slow_is_seen() -> None:
    assert slow_on(re.compile(r"\s+$")) == "'' and ' 's"
    assert slow_on(re.compile(r".*?[\s,]*paper")) == "'' and ' 's"
    assert slow_on(re.compile(r"<sup>\s*[\d\s]*</sup>")) == "'<sup>' and ' 's"
    assert slow_on(re.compile(r"(?<!\s)\s++$|(?<!\s)\s++x")) == ""


LONGEST_LITERAL = 200


def literal_characters(node: ast.AST) -> int:
    """Characters that are written out in an expression, its strings' parts together; what is filled in does not count."""
    if isinstance(node, ast.FormattedValue):
        return 0
    if isinstance(node, ast.Constant):
        return len(node.value) if isinstance(node.value, str) else 0
    return sum(map(literal_characters, ast.iter_child_nodes(node)))


def test_no_pattern_is_written_out_at_length() -> None:
    """What patterns look for belongs into lists: those of a language into `language/data/words_….toml`."""
    package = Path(askjapan.__file__).parent
    long = {
        f"{path.relative_to(package)}:{node.lineno}": literal_characters(node.args[0])
        for path in sorted(package.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("re.") and node.args
        if literal_characters(node.args[0]) > LONGEST_LITERAL
    }
    assert long == {}
