"""The versions of all packages that an installed askjapan brings, with those of its tests: what `constraints.txt` holds.

python -m tests.support.locked > constraints.txt
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.support.commands import ROOT
from tests.support.licences import EXTRAS, closure

HEAD = "# Written by `make lock`: the versions that the tests were run with. `make setup LOCKED=1` installs these."


def asked_for() -> list[Requirement]:
    """What `pyproject.toml` asks for, with the extras that `make setup` can install."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    return [
        Requirement(line) for line in [*project["dependencies"], *(line for name in (*EXTRAS, "dev") for line in extras[name])]
    ]


def locked() -> Iterator[str]:
    """A line a package, by name; what another system needs and this one does not have is left out."""
    names = {canonicalize_name(want.name) for want in asked_for()}
    for want in asked_for():
        names |= {canonicalize_name(name) for name in closure(want.name, want.extras)}
    for name in sorted(names):
        try:
            # A build for one kind of machine ("2.13.0+cpu") is found on its own index only.
            yield f"{name}=={version(name).partition('+')[0]}"
        except PackageNotFoundError:
            continue


if __name__ == "__main__":
    sys.stdout.write("\n".join([HEAD, *locked()]) + "\n")
