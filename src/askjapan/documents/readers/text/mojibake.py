"""Traces of a text that was read, or saved, in another encoding than it was written in."""

from __future__ import annotations

import re

from askjapan.sayings import Saying

_UTF8_AS_WESTERN = r"[ÃÂ][\x80-\xbf]|â(?:€[™œ“”˜¢¦\x9d]|\x80[\x90-\xbf])|ã[\x80-\x83ƒ‚][\x80-\xbf]"
_UTF8_AS_JAPANESE = r"[縺繧繝][\uff61-\uff9f一-龯]"
_TRACE = re.compile(f"\ufffd|{_UTF8_AS_WESTERN}|{_UTF8_AS_JAPANESE}")
LEAST = 5
CHARACTERS_A_TRACE = 2_000
"""Characters per trace; fewer traces than this may be quoted, or damage of a single place."""


def mojibake(text: str) -> Saying | None:
    """A warning of mojibake in a text; None where there is none or hardly any."""
    traces = _TRACE.findall(text)
    if len(traces) < max(LEAST, len(text) / CHARACTERS_A_TRACE):
        return None
    return Saying.of("mojibake", places=len(traces), example=traces[0])
