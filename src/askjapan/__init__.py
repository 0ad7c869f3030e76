"""askjapan: answers about Japan in the world, made of quotes that a stranger can re-check.

```python
import askjapan

askjapan.build_index("corpus", "index")
for hit in askjapan.retrieve("How many sister-city links did Japan have in 2009?", k=3):
    print(hit.rank, hit.document.title, hit.passage.section, hit.passage.text)
```
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"
__all__ = [
    "Answer", "AskJapanError", "Assistant", "Citation", "Document", "DraftCheck", "Hit", "Matrix", "Mentions", "Passage",
    "ask", "build_index", "check", "matrix", "mentions", "retrieve",
]  # fmt: skip

if TYPE_CHECKING:
    from askjapan.api import ask, build_index, check, matrix, mentions, retrieve
    from askjapan.assistant import Assistant
    from askjapan.errors import AskJapanError
    from askjapan.findings import DraftCheck, Matrix, Mentions
    from askjapan.records import Answer, Citation, Document, Hit, Passage

_HOMES = {
    "Assistant": "assistant",
    "AskJapanError": "errors",
    "Answer": "records",
    "Citation": "records",
    "Document": "records",
    "DraftCheck": "findings",
    "Hit": "records",
    "Matrix": "findings",
    "Mentions": "findings",
    "Passage": "records",
    "ask": "api",
    "build_index": "api",
    "check": "api",
    "matrix": "api",
    "mentions": "api",
    "retrieve": "api",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - one of the names above; loaded late so that `import askjapan` stays light
    if name not in _HOMES:
        raise AttributeError(f"module 'askjapan' has no attribute {name!r}")
    return getattr(import_module(f"askjapan.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
