"""Word lists for comparing a written sentence with quotes: number words, units, negations, hedges, irregular forms."""

from __future__ import annotations


def _set(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


def _each(listed: str, meaning: str) -> dict[str, str]:
    return dict.fromkeys(listed.split(), meaning)


def _pairs(listed: str) -> dict[str, str]:
    return dict(pair.split(":", 1) for pair in listed.split())


ONES = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen"),
    *("fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
NUMBER_WORDS = {**{word: number for number, word in enumerate(ONES)}, **TENS}
SCALES = {"hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12, "mn": 10**6, "bn": 10**9}
MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
SHORT_MONTHS = {**{month[:3]: month for month in MONTHS if month != "may"}, "sept": "september"}
CURRENCIES = {"$": "dollar", "¥": "yen", "€": "euro", "£": "pound"}
UNITS = {
    **_pairs("yen:yen jpy:yen dollar:dollar dollars:dollar usd:dollar euro:euro euros:euro pound:pound pounds:pound yuan:yuan"),
    **_pairs("ton:ton tons:ton tonnes:ton km:kilometre kilometre:kilometre kilometres:kilometre kilometers:kilometre mile:mile"),
    **_pairs("miles:mile metre:metre metres:metre meters:metre hectares:hectare acres:acre rubles:ruble won:won"),
    **_pairs("day:day days:day week:week weeks:week month:month months:month year:year years:year hour:hour hours:hour"),
    **_pairs("minute:minute minutes:minute"),
}
IRREGULAR = _pairs(
    """spent:spend sent:send rose:rise risen:rise fell:fall fallen:fall grew:grow grown:grow began:begin begun:begin
    became:become held:hold took:take taken:take gave:give given:give made:make built:build paid:pay left:leave kept:keep
    taught:teach led:lead found:find lost:lose bought:buy brought:bring sold:sell wrote:write written:write said:say
    told:tell went:go gone:go came:come saw:see seen:see knew:know known:know met:meet ran:run stood:stand chose:choose
    chosen:choose drew:draw drawn:draw shrank:shrink shrunk:shrink felt:feel thought:think sought:seek dealt:deal
    women:woman men:man children:child people:person"""
)
RISING = _set("rise increas grow growth climb")
FALLING = _set("fall declin decreas drop shrink")
"""Stems that say that something rose, or fell: any of them stands for the others."""
HARD_BREAKS = _set("but while whereas although though")
SOFT_BREAKS = _set("and or to than from versus against")
OPENINGS = _set("in by since from during until after before between at as on")
BEFORE_A_DATE = _set("in since until till during")
BEFORE_A_YEAR = _set(
    """in by since from during until till after before between of and to year around circa about early late mid the for through or
    fiscal"""
)
NEGATIONS = _set("not no never nor neither without none cannot hardly scarcely")
HEDGES = {
    **_each("can could may might perhaps possibly", "may"),
    **_each("must should shall", "must"),
    **_each("probably likely", "likely"),
    **_pairs("would:would will:will"),
}
BETWEEN_GUARD_AND_WORD = _set("longer")
"""Words between a negation and the word that it negates: “no longer paid” negates “paid”."""
PERSONS = _set("i me my mine we us our ours you your yours")
OWN_WORDS = _set(
    """accord text say state note quot passag sourc report mention describ explain show indic write author evid
    howev moreov furthermor addit meanwhil respect name while wherea though although number figur amount year both there"""
)
"""Stems that a sentence may have without a quote: words about the quotes, connectives that claim no cause, nouns for a number."""
