"""Asks OSV, the public database of known vulnerabilities, about every installed package that comes along with askjapan.

    python -m tests.support.audit

prints a line a package that has any, with their names. The exit code is 0 if there is none, 1 if there is one, and 2 if the database
could not be asked, so that nobody takes silence for health. Names and versions of packages are all that is sent.
"""

from __future__ import annotations

import argparse
import json
import sys
import urllib.request
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version

from tests.support.licences import closure

ADDRESS = "https://api.osv.dev/v1/querybatch"
AT_ONCE = 500  # the database takes 1,000
SECONDS = 30


class Unreachable(Exception):
    """The database was not asked, or its answer cannot be read; the text says why."""


def installed() -> dict[str, str]:
    """The versions of askjapan's packages by their names."""
    found = {}
    for name in sorted(closure()):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def known(packages: Mapping[str, str], address: str) -> dict[str, tuple[str, ...]]:
    """The names of the known vulnerabilities of each package that has any.

    Args:
        packages: versions by names.
        address: of the database's batch query.

    Raises:
        Unreachable: it did not answer, or not with one result a package.
    """
    names, found = list(packages), {}
    for first in range(0, len(names), AT_ONCE):
        asked = names[first : first + AT_ONCE]
        results = _ask([{"package": {"name": name, "ecosystem": "PyPI"}, "version": packages[name]} for name in asked], address)
        if len(results) != len(asked):
            raise Unreachable(f"{address} answered {len(results)} of {len(asked)} questions")
        for name, result in zip(asked, results, strict=True):
            if names_of := tuple(sorted(str(each["id"]) for each in result.get("vulns", ()))):
                found[name] = names_of
    return found


def _ask(queries: Sequence[Mapping[str, object]], address: str) -> list[dict[str, list[dict[str, object]]]]:
    body = json.dumps({"queries": queries}).encode()
    request = urllib.request.Request(address, body, {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as reply:
            return list(json.load(reply)["results"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Unreachable(f"{address}: {type(error).__name__} {error}") from error


def main(given: Sequence[str] | None = None) -> int:
    """Ask, print, and say by the exit code what came of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--address", default=ADDRESS, help="of the database's batch query")
    packages = installed()
    try:
        found = known(packages, parser.parse_args(given).address)
    except Unreachable as error:
        sys.stderr.write(
            f"Nothing was checked: the database of known vulnerabilities cannot be asked ({error}). "
            f"Run this where there is a network; it asks about {len(packages)} packages.\n"
        )
        return 2
    for name, names in found.items():
        sys.stdout.write(f"!! {name} {packages[name]}: {', '.join(names)}\n")
    sys.stdout.write(f"{len(packages)} packages asked about, {len(found)} with known vulnerabilities.\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
