"""Starts the web chat, here or on a hosted Gradio space."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent / "src"))

from askjapan.errors import AskJapanError
from askjapan.settings import load_settings
from askjapan.web import launch

if __name__ == "__main__":
    try:
        launch(load_settings())
    except AskJapanError as error:
        sys.exit(str(error))
