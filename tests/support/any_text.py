"""What hypothesis draws: texts of any Unicode, readings of them with their markup, and bytes. Loaded by the first test that draws."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from askjapan.documents.readers.markup.raised import END, FRACTION, LOWERED, RAISED
from askjapan.readings import Reading
from tests.support.repetitions import UNITS

FRAGMENTS = (
    *UNITS, "The port of Otaru sold 1,576 tickets in 1979. ", "神戸市は1987年に開かれた。", "U.S. and e.g. that", "| A | B |\n|---|---|\n",
    "\n\n", "## 2. Heading\n", "[^1]: A note.\n", "10<sup>6</sup>", "3/4", "½", "👩‍👩‍👧", "\u0301\u0301", "\ud7ff", "\U0010ffff", "\x00", "\x85", "\x1c",  # noqa: E501
    "עברית", "\u202e", "soft\u00adhyphen", "well-\nknown", "(1) a\n", "Table 2. Ports\n", "Source: the council.\n", "e\u0301",
)  # fmt: skip
TEXTS = st.lists(st.one_of(st.sampled_from(FRAGMENTS), st.text(max_size=12)), max_size=30).map("".join)
MARKS = st.one_of(st.sampled_from((RAISED, LOWERED, END, FRACTION, "2", "km", " ", "/", "[^1]")), st.text(max_size=4))

IN_CELLS = (
    *("[^1]:", "[^1]", "[^a]: ", "# ", "#", ">", "> ", "**", "*", "`", "\\|", "<sup>1</sup>", "&nbsp;"),
    *("a", "b c", "12", "1961", "\u00ad", "~~", " ", "港"),
)
CELLS = st.lists(st.sampled_from(IN_CELLS), max_size=3).map("".join)


@st.composite
def tables(draw: st.DrawFn) -> str:
    """A sentence and a table under it, with tabs or bars between cells of all that may mean something at the beginning of a line."""
    bar, rows = draw(st.booleans()), draw(st.lists(st.lists(CELLS, min_size=1, max_size=4), min_size=2, max_size=6))
    lines = [f"|{'|'.join(row)}|" if bar else "\t".join(row) for row in rows]
    return "\n".join(["Hello you.", "", lines[0], *(["| --- | --- |"] if draw(st.booleans()) else []), *lines[1:], ""])


@st.composite
def readings(draw: st.DrawFn) -> Reading:
    """A text with its markup, and stretches of it that are furniture or unconfirmed."""
    text = draw(TEXTS)
    places = sorted(draw(st.lists(st.integers(0, len(text)), max_size=6, unique=True)))
    segments = tuple(zip(places[::2], places[1::2], strict=False))
    return Reading(text, draw(st.sampled_from(("plain", "markdown"))), furniture=segments, unconfirmed=segments)


STRATEGIES = {
    "a reading": readings(),
    "a text": TEXTS,
    "a table": tables(),
    "texts": st.lists(TEXTS, max_size=4),
    "a place": st.integers(0, 20),
    "parts with marks": st.lists(MARKS, max_size=25),
    "bytes": st.one_of(st.binary(max_size=400), TEXTS.map(lambda text: text.encode("utf-8", "surrogatepass"))),
    "an ending": st.sampled_from((".txt", ".md")),
}


def holding(holds: Callable[..., None], drawn: tuple[str, ...], examples: int) -> Callable[..., None]:
    """A function that calls `holds` with this many examples of what the strategies of these names draw, the same in every run."""
    bounded = settings(max_examples=examples, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    return bounded(given(*(STRATEGIES[name] for name in drawn))(holds))  # type: ignore[no-any-return]
