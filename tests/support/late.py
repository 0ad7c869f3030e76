"""Libraries that take seconds to load are loaded by the first test that needs them, not by the collection of all tests."""

from __future__ import annotations

import sys
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
