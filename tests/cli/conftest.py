"""An index for the tests of the command line."""

from __future__ import annotations

import pytest

from askjapan.index.build import build
from tests.support.fakes import HashEncoder
from tests.support.places import LANTERNS, Place


@pytest.fixture
def built(place: Place) -> Place:
    """A home folder with the full text of one work, the note on the other, and their index."""
    (place.works / "lanterns.txt").write_text(LANTERNS, encoding="utf-8")
    build([place.corpus], place.index, HashEncoder(), catalogue=place.catalogue)
    return place
