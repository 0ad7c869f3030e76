"""The words of a command line come in; what the assistant says to them is printed; it may import every room."""

from askjapan.cli.app import main

__all__ = ["main"]
