"""Libraries that take seconds to load are loaded by the first test that needs them, not by the collection of all tests."""

from __future__ import annotations

import inspect
import os
import sys
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType


class LateModule(ModuleType):
    """Stands for a library until something of it is asked for; `import gradio as gr` alone does not load it."""

    def __getattr__(self, name: str) -> object:
        # The import system and pytest look for more than a module needs to have.
        if name.startswith("_") and name != "__path__":
            raise AttributeError(name)
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return getattr(import_module(self.__name__), name)


def load_late(name: str) -> None:
    """Put a stand-in where a library would be; nothing where it is not installed, or loaded already."""
    if name not in sys.modules and (spec := find_spec(name)):
        sys.modules[name] = LateModule(name)
        sys.modules[name].__spec__ = spec


def drawn(*names: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """A test of what `tests.support.any_text` draws under these names, its last parameters; the first ones are fixtures.

    120 examples each, or as many as the variable EXAMPLES says.
    """

    def as_test(holds: Callable[..., None]) -> Callable[..., None]:
        def test(**fixtures: object) -> None:
            from tests.support.any_text import holding

            holding(holds, names, int(os.environ.get("EXAMPLES", "120")))(**fixtures)

        # pytest looks here for the fixtures that a test wants.
        test.__signature__ = inspect.Signature(list(inspect.signature(holds).parameters.values())[: -len(names)])  # type: ignore[attr-defined]
        test.__name__, test.__doc__ = holds.__name__, holds.__doc__
        return test

    return as_test
