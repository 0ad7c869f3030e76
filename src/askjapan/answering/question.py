"""A question as it is read before it is answered: its content terms, its constraints (years, figures, names) and what it asks for."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from askjapan.language.terms import fold, terms

DocumentFrequency = Callable[[str], int]

YEAR = re.compile(r"(?<![\d.,])(?:1[5-9]\d\d|20\d\d)(?!\d|[.,]\d)")
RANGE = re.compile(r"(?<!\d)((?:1[5-9]|20)\d\d)\s*(?:[-–]|to|から|～)\s*(\d{2,4})(?!\d)")
_NUMBER = re.compile(
    r"(?<![\w.,])\d[\d,]*(?:\.\d+)?(?![\w])|(?<![\w.,])\d[\d,]*(?:\.\d+)?(?=%|％|bn|m\b|st\b|nd\b|rd\b|th\b|s\b|人|件|年|月|日|か|つ|の|万|億)"
)
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
NAME = re.compile(r"\b[^\W\d_a-z][\w’'.-]*[^\W_]")
_HYPHEN = re.compile(r"(?<=[^\W\d_]{2})-(?=[^\W\d_]{2})")
_QUOTED = re.compile(r"[\"“「『]([^\"”」』]{2,60})[\"”」』]|(?<![\w])['‘]([^'’]{3,60})['’](?![\w])")

_ASKS: Mapping[str, str] = {
    "percent": r"\b(?:percent|percentage|per ?cent|what share|what portion|what proportion|what fraction|how big a slice|slice of|share of|rate of|\w+ rate)\b|%|何(?:パーセント|%|％|割)|割合|率は|доля|процент",
    "money": r"\bhow much (?:money|did .* (?:cost|pay|invest|grow)|was .* (?:paid|worth))|\b(?:price|cost of|dollars?|yen|usd|wage|worth|value of|budget|debt|loans?|amounts?|fee|sales)\b|いくら|何(?:円|ドル)|金額|手数料",
    "number": r"\bhow (?:many|much|big|large|far|long|old|often|high|low|tall|deep|fast|soon|great)\b|\bnumber of\b|\bwhat (?:number|figure|rate|size|value)\b|\b(?:correlation|figures?|population|percent|percentage|amount|total|share|max|min|gdp|growth|rate|both amounts|highest number)\b|何(?:人|件|台|つ|回|倍|ヶ|か国|パーセント|%|％|割|ページ|校|円)|いくつ|いくら|どのくらい|どれくらい|何歳|人口|сколько|доля",
    "date": r"\bwhen\b|\b(?:what|which|wich|in what) (?:year|date|month|day|decade|dates|years|time)\b|\bover which years\b|\b(?:year|date|month)s?\b|\bhow soon\b|いつ|何年(?!間)|何月|何日|年は|когда|каком году",
    "person": r"\bwho(?:se|m)?\b|\bwhich (?:\w+ )?(?:governor|minister|president|author|person|engineer|professor|abbot|leader|mayor)\b|誰|だれ|кто",
    "name": r"\b(?:which|what|name|called|full name|title)\b|どの|どちら|何という|名前|како[йе]|как называ",
    "place": r"\bwhere\b|\b(?:which|what|wich) (?:\w+ ){0,2}(?:countr(?:y|ies)|cit(?:y|ies)|towns?|states?|republics?|neighbou?rs|region)\b|どこ|どの(?:国|都市|町)|где|какой стране",
    "cause": r"\bwhy\b|\bhow come\b|\b(?:reasons?|causes?|caused|because|trigger(?:ed)?|kicked off|pushing|drives?|led to|explain)\b|なぜ|どうして|理由|原因|почему",
    "definition": r"^(?:so )?what(?:'s| is| are| does| do)\b|\b(?:mean(?:s|t|ing)?|defin(?:e|ed|ition)|full name|stand for|understood)\b|とは|どのような(?:仕組み|意味)|指します|что такое",
    "compare": r"\b(?:compar\w*|versus|vs|differ\w*|than|opposed|contrast\w*|set against|both|common|line up|unlike|between .* and|before and after|rise or fall|smaller|bigger|more .* or|good .* bad|same)\b|比較|違い|比べ|どう変わり|より",
    "list": r"\b(?:list|examples?|kinds?|sorts?|types?|which ones|reasons|components|stages|measures|obstacles|schemes?|steps|pledges|buildings|ways|openings|questions|fixes|perks|two|three|four|five|every|each|all|what else|who .* which|steps)\b|挙げ|具体的|どのような段階|一覧|перечисл",
    "how": r"\bhow (?:did|does|do|is|are|was|were|can|could|should|would|to)\b|\bwhat (?:did|does|do|happen\w*|goes|changed)\b|どのように|どうやって|как ",
}
ASKS = {name: re.compile(pattern, re.IGNORECASE) for name, pattern in _ASKS.items()}
_HIGH = re.compile(
    r"\b(?:most|highest|largest|biggest|peak(?:ed)?|maximum|max|greatest|fastest|top|high point|ever reached|best)\b|最も|最大|最多|一番",
    re.IGNORECASE,
)
_LOW = re.compile(r"\b(?:least|lowest|smallest|minimum|low point|fewest|slowest|bottom)\b|最小|最低|最少", re.IGNORECASE)
_COUNTED = re.compile(
    r"\b(?:how many|number of|what (?:percentage|share|fraction|portion|proportion) of)\s+(?:(?:the|all|its|their|these|those)\s+)*((?:[\w’'-]+\s*){1,5})",
    re.IGNORECASE,
)
GENERIC = frozenset(
    terms(
        "japan japanese question author paper article text say said tell give name call mean many much number year percent percentage share "
        "example kind sort type way thing people list reason reasons way difference compare vs versus full really actually really among during over since exactly "
        "get got go went come came make made take took put set look know want need let many more most less than before after between one two three four "
        "how what which while within without up out down off also there here now then according following both each every all not no yes just only even still own again s t whats"
    )
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as read: its content terms with their idf weights, its constraints and what kinds of answer it asks for.

    `unknown` is the weight share of terms that the corpus does not hold; `other_script` says that the question is in a script which the
    candidates are not written in, so that its words cannot be looked for in them.
    """

    text: str
    weights: Mapping[str, float]
    years: tuple[str, ...]
    numbers: tuple[str, ...]
    names: tuple[str, ...]
    quoted: tuple[str, ...]
    asks: frozenset[str]
    extreme: int
    unknown: float
    unknown_names: float
    other_script: bool
    folded: str = ""
    stems: frozenset[str] = field(default_factory=frozenset)


def read_question(text: str, frequency: DocumentFrequency, size: int, other_script: bool | None = None) -> Asked:
    """Read a stand-alone question against the document frequencies of a corpus of `size` passages."""
    foreign = bool(_CJK.search(text) or _CYRILLIC.search(text)) if other_script is None else other_script
    # Index terms of "sister-city" are "sister", "city" and "sistercity", which a text may well not hold: here the parts are enough.
    found = list(dict.fromkeys(terms(_HYPHEN.sub(" ", text))))
    if foreign:
        found = [term for term in found if re.fullmatch(r"[a-z0-9.]+", term)]
    years = _years(text)
    content = [t for t in found if t not in GENERIC and t not in years]
    weights = {t: _idf(frequency(t), size) for t in content}
    total = sum(weights.values())
    unknown = sum(w for t, w in weights.items() if frequency(t) == 0)
    names = _names(text)
    lost = [name for name in names if frequency(name) == 0]
    numbers = tuple(n for m in _NUMBER.finditer(text) if (n := m.group().replace(",", "")) not in years and len(n) < 12)
    asks = frozenset(name for name, pattern in ASKS.items() if pattern.search(text))
    return Asked(
        text=text,
        weights=weights,
        years=years,
        numbers=numbers,
        names=names,
        quoted=tuple(fold(a or b) for a, b in _QUOTED.findall(text)),
        asks=asks,
        extreme=1 if _HIGH.search(text) else -1 if _LOW.search(text) else 0,
        unknown=unknown / total if total else 0.0,
        unknown_names=len(lost) / len(names) if names else 0.0,
        other_script=foreign,
        folded=fold(text),
        stems=frozenset(terms(text)),
    )


def measure_of(question: Asked) -> frozenset[str]:
    """The terms of what a question counts: "recruits" in "How many new recruits does Samsung post abroad?"."""
    found = _COUNTED.search(question.text)
    if not found:
        return frozenset()
    words = re.split(
        r"\b(?:did|does|do|is|are|was|were|have|had|has|in|of|to|who|that|went|got|took|can|may|will|followed|died|sent|a|an|the|per|at|on|for|with|by|from|there)\b",
        found.group(1),
        maxsplit=1,
    )[0]
    return frozenset(terms(words)) & (question.stems - GENERIC)


def _idf(count: int, size: int) -> float:
    return math.log(1 + (size - count + 0.5) / (count + 0.5))


def _years(text: str) -> tuple[str, ...]:
    found = [m.group() for m in YEAR.finditer(text)]
    for first, last in RANGE.findall(text):
        found.append(first[: 4 - len(last)] + last)
    if len(found) and "/" in text:
        found += [found[0][:2] + m for m in re.findall(r"/\s?(\d\d)(?!\d)", text)]
    found += [
        d
        for d in re.findall(r"\b(?:between|from|in|since|by|and|to) (\d\d)(?= (?:and|to)\b| ?\?|$)", text)
        for d in ["19" + d]
        if int(d) >= 1950
    ]
    return tuple(dict.fromkeys(found))


def _names(text: str) -> tuple[str, ...]:
    """Terms of the question's capitalised words, its first word only when it is a name by its shape (all capitals).

    In a script without capitals every word counts: works in English that hold it at all hold it as a name or a term.
    """
    found: list[str] = []
    for match in NAME.finditer(text):
        word = match.group()
        before = text[: match.start()].rstrip()
        opens = not before or before[-1] in ".?!:"
        if opens and not (word.isupper() and len(word) > 1):
            continue
        found += [t for t in terms(_HYPHEN.sub(" ", word)) if t not in GENERIC]
    return tuple(dict.fromkeys(found))
