"""Turns a message and the messages before it into a standalone question, or into a greeting or the like that needs no search."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from askjapan.errors import QuestionError
from askjapan.language.scripts import Language, is_foreign, is_japanese
from askjapan.language.terms import STOP_WORDS, fold
from askjapan.language.wordings import wordings
from askjapan.retrieval.turns.completion import JAPANESE, carried, completed, content
from askjapan.retrieval.turns.subject import WORD
from askjapan.sayings import Saying

_EN, _JA = wordings("follow_up", "en"), wordings("follow_up", "ja")
MAX_QUESTION = 2_000
MAX_HISTORY = 200  # earlier messages; each is read, so that the cost of a question is bounded
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
_NAME_JAPANESE = re.compile(r"[ァ-ヴー]{2}|[一-鿿]{3}|[A-Za-z]{2}")
_ENDS_JAPANESE = re.compile(r"(?:(?:ます|ました|です|でした|ません)か|ください)[。?？]?\Z")
_TERM_JAPANESE = re.compile(rf"^(?!(?:{_JA['relational']})$)[一-鿿々ァ-ヴー・]{{2,}}$")
_RELATIONAL = re.compile(rf"^(?:{_EN['relational']})$", re.IGNORECASE)
"""Noun that needs another to say something: "reasons" leans, "migration" does not."""
FEW_WORDS = 2
_CONTROLS = dict.fromkeys([*range(0x20), *range(0x7F, 0xA0)], " ")


@dataclass(frozen=True, slots=True)
class Standalone:
    """A message made to stand alone.

    `question` is read and answered, and shown unless `shown` has the sentence that a person would say for it (`said`). Passages are found by
    it, or by `searched`, which has the words of the earlier messages as well. `topic` are the content words of the previous question that
    `message` lacks, in order, or that whole question if it is Japanese. `follow_up` says whether an earlier message was used, `goes_on`
    whether the message asks for what comes next. `language` is that of the reply, and `is_foreign` says whether the English encoder cannot
    read the question's script. `otherwise` is a short Japanese message completed by those before it, for where it finds no answer as it
    stands: subjects go unsaid.
    """

    kind: MessageKind
    message: str
    question: str
    topic: tuple[str, ...] = ()
    follow_up: bool = False
    goes_on: bool = False
    searched: str = ""
    shown: str = ""
    otherwise: Standalone | None = None

    @property
    def language(self) -> Language:
        return "ja" if is_japanese(self.message) else "en"

    def asking(self, question: str) -> Standalone:
        """The same message asked as another question, which is searched for and shown as it is."""
        return replace(self, question=question, searched="", shown="")

    @property
    def said(self) -> str:
        """The question as it is shown."""
        return self.shown or self.question

    @property
    def to_search(self) -> str:
        """What is searched for: the question, with all that it takes over from the questions before it."""
        return self.searched or self.question

    @property
    def is_foreign(self) -> bool:
        return is_foreign(self.question)


def stand_alone(message: str, history: Sequence[str] = ()) -> Standalone:
    """Resolve a message against the user's earlier messages (oldest first).

    "And in 2009?" after a question with a year becomes that question with the year replaced. Other follow-ups become a sentence with what
    the earlier messages are about. A message that stands alone stays as it is.

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
        return Standalone("question", text, _next_of(text, _chain(earlier)[0]), follow_up=True, goes_on=True)
    leans = bool(earlier) and leans_on_history(text)
    if not leans and not (earlier and JAPANESE.search(text) and len(text) <= SHORT_JAPANESE):
        return Standalone("question", text, text)
    whole, turns, searched = _chain(earlier)
    said = completed(text, whole, turns, searched)
    done = Standalone(
        "question", text, said.read, said.topic, follow_up=bool(said.topic), searched=said.searched, shown=said.sentence
    )
    return done if leans else Standalone("question", text, text, otherwise=done)


def _next_of(text: str, base: str) -> str:
    """A standalone question for a message that asks for what comes next."""
    plain = base[:MAX_QUESTION].rstrip("?？。 ")
    return f"「{plain}」の後はどうなりましたか。" if JAPANESE.search(text) else f"What came after that: “{plain}”?"


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


def _chain(earlier: Sequence[str]) -> tuple[str, Sequence[str], str]:
    """The last question that stands alone or was made to, the messages since then with it as the first, and all their words to search for."""
    first = next((number for number in range(len(earlier) - 1, 0, -1) if not leans_on_history(earlier[number])), 0)
    whole = searched = earlier[first]
    turns = [whole]
    for turn in earlier[first + 1 :]:
        if _NEXT.match(turn):
            continue
        swapped, words, _ = carried(turn, whole, searched[:MAX_QUESTION])
        if swapped:
            whole = searched = swapped
            turns = [whole]
        else:
            searched = words
            turns.append(turn)
    return whole[:MAX_QUESTION], turns, searched[:MAX_QUESTION]


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
    if JAPANESE.search(text):
        return len(text) <= SHORT_JAPANESE and not _is_whole(text)
    # "Where did the strike begin?" names a thing that only the turns before can tell; "What is a strike?" does not.
    few = FEW_WORDS + bool(re.search(r"\bthe\b", text, re.IGNORECASE))
    return len(content(text)) <= few and not _names(text) and not (_DEFINITION.match(text) or _CLAUSE.search(text.rstrip("? ")))


def _is_term(text: str) -> bool:
    """Whether a message is a term as one types it into a search box, without a question mark: "soft power" begins anew, "reasons" does not."""
    words = text.split()
    if JAPANESE.search(text):
        return bool(_TERM_JAPANESE.match(text))
    return len(words) <= FEW_WORDS and content(text) == words and words[0].isalpha() and not _RELATIONAL.match(words[-1])


def _is_whole(text: str) -> bool:
    """Whether a Japanese message has a name and the ending of a question: ハッチは何を主張していますか stands alone, although it is short."""
    return bool(_NAME_JAPANESE.search(text) and _ENDS_JAPANESE.search(text))


def _has_antecedent(text: str, place: int) -> bool:
    """Whether a name or several content words come before a pronoun: "Why did Samsung send its recruits abroad?" stands alone."""
    before = text[:place]
    if _CLAUSE.search(before) and any(not word[:1].isdigit() for word in content(before)):
        return True
    if _POSSESSIVE.match(text, place) and len(content(before)) >= 3:
        return True
    return len(content(before)) >= 5 or (bool(_names(before)) and not _OBJECT_AT_END.match(text, place))


def _names(text: str) -> list[str]:
    words = WORD.findall(text)
    return [word for word in words[1:] if word[:1].isupper() and word.lower() not in STOP_WORDS]
