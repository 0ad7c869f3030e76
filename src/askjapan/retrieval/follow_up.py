"""Turns a message and the messages before it into a standalone question, or into a greeting or the like that needs no search."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from askjapan.errors import QuestionError
from askjapan.language.scripts import Language, is_foreign, is_japanese
from askjapan.language.terms import STOP_WORDS, fold
from askjapan.language.wordings import wordings
from askjapan.sayings import Saying

_EN, _JA = wordings("follow_up", "en"), wordings("follow_up", "ja")
MAX_QUESTION = 2_000
MAX_HISTORY = 200  # earlier messages; each is read, so that the cost of a question is bounded
MAX_TOPIC = 40  # words carried along a chain of follow-ups, those of the latest turns first
SHORT_JAPANESE = 18
MessageKind = Literal["question", "greeting", "thanks", "abilities"]

_GREETING = re.compile(
    r"^(?:hi|hello|hey|good (?:morning|afternoon|evening|day)|greetings|"
    r"こんにちは|こんばんは|おはよう(?:ございます)?|はじめまして)(?: there| all)?$"
)
_THANKS = re.compile(rf"^(?:(?:{_EN['ok']})[, ]*)?(?:{_EN['thanks']}|{_JA['thanks']})(?:[, ]*(?:{_EN['much']}))?$")
_ABILITIES = re.compile(rf"^(?:{_EN['abilities']}|{_JA['abilities']})$")
_LEAD = re.compile(
    rf"^(?:{_EN['begins']})\b[, ]*(?!(?:what|how|why|when|where|who|which)\s+(?:did|does|do|is|are|was|were)\s+(?:the\s+)?[A-Z])|"
    rf"^(?:what|how) about\b|^(?:{_EN['alone']})\s*\??$|\b(?:{_EN['ends']})\s*\?$|^(?:{_JA['begins']})",
    re.IGNORECASE,
)
_NEXT = re.compile(
    rf"^(?:(?:and|but|then|so|ok(?:ay)?|well)\b[, ]*)*(?:what\s+(?:(?:has\s+)?(?:{_EN['came']})\s+)?)?(?:{_EN['next']})\s*[?.!]*$|"
    r"^(?:please )?(?:go on|continue)\s*[?.!]*$|"
    rf"^(?:それで|では|で)?[、 ]*(?:{_JA['next']})(?:に|は|を|の続き)*(?:{_JA['what_came']})?[?？。]*$",
    re.IGNORECASE,
)
"""Question for what comes next, in time or in the text: "And after that?"."""
_MORE = re.compile(
    r"\belse\b|^(?:\w+\s+){0,3}?(?:any\s+)?other\b|"
    rf"^(?:(?:can|could|would) you )?(?:please )?(?:{_EN['tell_more']})(?: (?:it|that|this|further))?\s*[?.]*$|^more\b|"
    r"\bmore (?:details?|examples?)\s*[?.]*$",
    re.IGNORECASE,
)
"""Question for more on the same subject: "What else did they find?", "Are there any other reasons?"."""
_POINTING = re.compile(
    rf"\b(?:{_EN['pointing']})\b|{_JA['pointing']}",
    re.IGNORECASE,
)
_EMPTY_POINTER = re.compile(
    rf"\b(?:is|was|would|be|makes?|made) it\s+(?:(?:not|so|very|more)\s+)?(?:{_EN['judged']})\b(?:\s+that\b)?|\b(?-i:IT)\b|"
    r"\b\w+\s+that\s+\w+|\bthere (?:is|are|was|were|be|been)\b|\b(?:is|are|was|were) there\b",
    re.IGNORECASE,
)
_OBJECT_AT_END = re.compile(r"\b(?:it|him|her|them|this|that|those|these|one)\s*[?.!]*$", re.IGNORECASE)
"""Pronoun at the end of a question: in "Why did Toyota buy it?" it does not stand for the name."""
_CLAUSE = re.compile(
    r"(?:\band|[:?])\s+(?:what|how|why|when|where|who|which|is|are|was|were|does|do|did|has|have|can)\b[^:?]*$", re.IGNORECASE
)
"""Second question in a sentence, whose pronoun may refer to the first: "What is a pipa and where does it come from?"."""
_POSSESSIVE = re.compile(r"(?:its|their|his|her)\s+\w", re.IGNORECASE)
_DEFINITION = re.compile(
    r"^(?:what|who) (?:is|are|was|were) (?:an? )?(?!the\b)[\w’'-]+(?: [\w’'-]+){0,2}\s*\?*$|"
    r"^(?:tell me about|define|what does) (?!the\b|more\b)[\w’'-]+(?: [\w’'-]+){0,2}(?: mean)?\s*[?.]*$",
    re.IGNORECASE,
)
"""Question for a thing by its name, which stands alone even if it is short: "What is amakudari?"."""
_SWAP = re.compile(
    r"^(?:(?:and |but |then )?(?:what|how) about|and|but|then)?[, ]*"
    r"(?:(?:in|for|by|of|with|from|at|during)\s+)?(?P<slot>[^?]{1,60})\??$",
    re.IGNORECASE,
)
_YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d(?:\s*[-–/]\s*\d{2,4})?s?\b")
_YEAR_JAPANESE = re.compile(r"(?:1[5-9]|20)\d\d年")
_SWAP_JAPANESE = re.compile(
    r"^(?:では|じゃあ|それでは|それで|そして)?[、 ]*(?P<year>(?:1[5-9]|20)\d\d年)"
    r"(?:には|では|は|の場合は|に)?(?:どう(?:ですか|でしたか)?)?[?？。]*$"
)
_NAME_JAPANESE = re.compile(r"[ァ-ヴー]{2}|[一-鿿]{3}|[A-Za-z]{2}")
_ENDS_JAPANESE = re.compile(r"(?:(?:ます|ました|です|でした|ません)か|ください)[。?？]?\Z")
_TERM_JAPANESE = re.compile(rf"^(?!(?:{_JA['relational']})$)[一-鿿々ァ-ヴー・]{{2,}}$")
_RELATIONAL = re.compile(rf"^(?:{_EN['relational']})$", re.IGNORECASE)
"""Noun that needs another to say something: "reasons" leans, "migration" does not."""
_WORD = re.compile(r"[^\W_]+(?:[-'’.][^\W_]+)*")
_JAPANESE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_ASKING = "how what when where which who whom whose why many much long far old often name list give tell say explain describe"
_QUESTION_WORDS = frozenset(_ASKING.split())
FEW_WORDS = 2
_CONTROLS = dict.fromkeys([*range(0x20), *range(0x7F, 0xA0)], " ")


@dataclass(frozen=True, slots=True)
class Standalone:
    """A message made to stand alone.

    `question` is used for retrieval and for the answer. `topic` are the content words of the previous question that `message` lacks, in
    order, or that whole question if it is Japanese. `follow_up` says whether an earlier message was used, `goes_on` whether the message asks
    for what comes next. `language` is that of the reply, and `is_foreign` says whether the English encoder cannot read the question's script.
    `otherwise` is a short Japanese message completed by those before it, for where it finds no answer as it stands: subjects go unsaid.
    """

    kind: MessageKind
    message: str
    question: str
    topic: tuple[str, ...] = ()
    follow_up: bool = False
    goes_on: bool = False
    otherwise: Standalone | None = None

    @property
    def language(self) -> Language:
        return "ja" if is_japanese(self.message) else "en"

    @property
    def is_foreign(self) -> bool:
        return is_foreign(self.question)


def stand_alone(message: str, history: Sequence[str] = ()) -> Standalone:
    """Resolve a message against the user's earlier messages (oldest first).

    "And in 2009?" after a question with a year becomes that question with the year replaced. Other follow-ups get the topic words of the
    earlier messages in brackets, so that a user sees what was searched for. A message that stands alone stays as it is.

    Raises:
        QuestionError: the message is empty, too long, not valid text, or holds no letters or digits; or the history or one of its messages
            is too long.
    """
    text = _plain(message)
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise QuestionError(Saying.of("question_is_no_text"))
    if not _says_something(text):
        raise QuestionError(Saying.of("question_empty"))
    if len(text) > MAX_QUESTION:
        raise QuestionError(Saying.of("question_too_long", characters=len(text), limit=MAX_QUESTION))
    earlier = questions_of(history)
    if (kind := _kind(text)) != "question":
        return Standalone(kind, text, text)
    if earlier and _NEXT.match(text):
        return Standalone("question", text, _next_of(text, _last_resolved(earlier)), follow_up=True, goes_on=True)
    leans = bool(earlier) and leans_on_history(text)
    if not leans and not (earlier and _JAPANESE.search(text) and len(text) <= SHORT_JAPANESE):
        return Standalone("question", text, text)
    completed = _completed(text, _last_resolved(earlier))
    return completed if leans else Standalone("question", text, text, otherwise=completed)


def _next_of(text: str, base: str) -> str:
    """A standalone question for a message that asks for what comes next."""
    plain = base[:MAX_QUESTION].rstrip("?？。 ")
    return f"「{plain}」の後はどうなりましたか。" if _JAPANESE.search(text) else f"What came after that: “{plain}”?"


def questions_of(history: Sequence[str]) -> list[str]:
    """The earlier messages that ask something of the corpus, oldest first, their white space collapsed.

    Raises:
        QuestionError: there are more than `MAX_HISTORY`, or one is longer than a question may be.
    """
    if len(history) > MAX_HISTORY:
        raise QuestionError(f"The history has {len(history)} messages, more than {MAX_HISTORY}.", "Send the last ones only.")
    turns = [_plain(turn) for turn in history]
    for number, turn in enumerate(turns, 1):
        if len(turn) > MAX_QUESTION:
            raise QuestionError(
                f"Message {number} of the history has {len(turn)} characters, more than {MAX_QUESTION}.", "Leave it out."
            )
    return [turn for turn in turns if _says_something(turn) and _kind(turn) == "question"]


def _plain(message: str) -> str:
    """A message on one line; control characters, as text copied from a PDF has them, count as white space."""
    return " ".join(message.translate(_CONTROLS).split())


def _says_something(text: str) -> bool:
    return any(character.isalnum() for character in text)


def _kind(text: str) -> MessageKind:
    plain = fold(text).strip(" .!?。！？~〜…")
    patterns: tuple[tuple[MessageKind, re.Pattern[str]], ...] = (
        ("greeting", _GREETING),
        ("thanks", _THANKS),
        ("abilities", _ABILITIES),
    )
    return next((kind for kind, pattern in patterns if pattern.match(plain)), "question")


def _last_resolved(earlier: Sequence[str]) -> str:
    """The last earlier message as a standalone question, with its chain of follow-ups resolved from the first one on."""
    first = next((number for number in range(len(earlier) - 1, 0, -1) if not leans_on_history(earlier[number])), 0)
    question = earlier[first]
    for turn in earlier[first + 1 :]:
        question = question if _NEXT.match(turn) else _completed(turn, question).question
    return question


def _completed(text: str, base: str) -> Standalone:
    """A follow-up completed with words of the question before it."""
    base = base[:MAX_QUESTION]
    if swapped := _swapped(text, base):
        return Standalone("question", text, swapped, topic_words(base, text), follow_up=True)
    topic = topic_words(base, text)
    if topic and _JAPANESE.search(base):
        return Standalone("question", text, f"「{topic[0]}」について、{text}", topic, follow_up=True)
    return Standalone("question", text, f"{text} ({' '.join(topic)})" if topic else text, topic, follow_up=bool(topic))


def leans_on_history(text: str) -> bool:
    """Whether a message cannot be understood without the messages before it."""
    if _LEAD.search(text) or _MORE.search(text) or _NEXT.match(text):
        return True
    plain = _EMPTY_POINTER.sub(" ", text)
    pointing = _POINTING.search(plain)
    if pointing and not _has_antecedent(plain, pointing.start()):
        return True
    if _is_term(text):
        return False
    if _JAPANESE.search(text):
        return len(text) <= SHORT_JAPANESE and not _is_whole(text)
    # "Where did the strike begin?" names a thing that only the turns before can tell; "What is a strike?" does not.
    few = FEW_WORDS + bool(re.search(r"\bthe\b", text, re.IGNORECASE))
    return len(_content(text)) <= few and not _names(text) and not (_DEFINITION.match(text) or _CLAUSE.search(text.rstrip("? ")))


def _is_term(text: str) -> bool:
    """Whether a message is a term as one types it into a search box, without a question mark: "soft power" begins anew, "reasons" does not."""
    words = text.split()
    if _JAPANESE.search(text):
        return bool(_TERM_JAPANESE.match(text))
    return len(words) <= FEW_WORDS and _content(text) == words and words[0].isalpha() and not _RELATIONAL.match(words[-1])


def _is_whole(text: str) -> bool:
    """Whether a Japanese message has a name and the ending of a question: ハッチは何を主張していますか stands alone, although it is short."""
    return bool(_NAME_JAPANESE.search(text) and _ENDS_JAPANESE.search(text))


def _has_antecedent(text: str, place: int) -> bool:
    """Whether a name or several content words come before a pronoun: "Why did Samsung send its recruits abroad?" stands alone."""
    before = text[:place]
    if _CLAUSE.search(before) and any(not word[:1].isdigit() for word in _content(before)):
        return True
    if _POSSESSIVE.match(text, place) and len(_content(before)) >= 3:
        return True
    return len(_content(before)) >= 5 or (bool(_names(before)) and not _OBJECT_AT_END.match(text, place))


def _names(text: str) -> list[str]:
    words = _WORD.findall(text)
    return [word for word in words[1:] if word[:1].isupper() and word.lower() not in STOP_WORDS]


def _content(text: str) -> list[str]:
    return [word for word in _WORD.findall(text) if word.lower() not in STOP_WORDS and word.lower() not in _QUESTION_WORDS]


def topic_words(earlier: str, message: str) -> tuple[str, ...]:
    """The content words of an earlier question that the message does not repeat, in order, at most `MAX_TOPIC`.

    Years are left out if the message has a year. A Japanese question is one item, without its question mark.
    """
    said = {fold(word) for word in _WORD.findall(message)}
    has_year = bool(_YEAR.search(message))
    if _JAPANESE.search(earlier):
        return (earlier.rstrip("?？。"),)
    kept = (word for word in _content(earlier) if fold(word) not in said and not (has_year and _YEAR.fullmatch(word)))
    return tuple(dict.fromkeys(kept))[:MAX_TOPIC]


def _swapped(message: str, base: str) -> str:
    """The earlier question with its year, or its only name, replaced by the one in a bare follow-up such as "And in 1999?"."""
    japanese = _SWAP_JAPANESE.match(message)
    if japanese and len(_YEAR_JAPANESE.findall(base)) == 1:
        return _YEAR_JAPANESE.sub(japanese.group("year"), base, count=1)
    match = _SWAP.match(message)
    if match is None:
        return ""
    slot = match.group("slot").strip()
    years = _YEAR.findall(base)
    if _YEAR.fullmatch(slot) and len(years) == 1:
        return _YEAR.sub(slot, base, count=1)
    names = _name_phrases(base)
    if _is_name(slot) and len(names) == 1 and _LEAD.search(message):
        return base.replace(names[0], slot, 1)
    return ""


def _is_name(text: str) -> bool:
    words = text.removeprefix("the ").split()
    return 1 <= len(words) <= 4 and all(word[:1].isupper() for word in words)


def _name_phrases(text: str) -> list[str]:
    """Runs of capitalised words after the first word of the question, leaving out "Japan" and the like, which most hold."""
    runs = re.findall(r"(?<=\s)(?:[A-Z][\w.’'-]*)(?:\s+(?:of\s+)?[A-Z][\w.’'-]*)*", text)
    return [run for run in runs if run not in ("Japanese", "Japan", "Japan's", "Japan’s", "I")]
