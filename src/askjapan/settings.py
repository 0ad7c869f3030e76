"""Defaults, `ASKJAPAN_*` variables and one optional file (`askjapan.toml`), checked once and then frozen."""

from __future__ import annotations

import os
from pathlib import Path
from typing import ClassVar

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from askjapan.errors import SettingsError

PREFIX = "ASKJAPAN_"
_PROJECT = Path(__file__).resolve().parents[2]


def home() -> Path:
    """The folder that holds `corpus/` and `index/`: `ASKJAPAN_HOME`, the working directory if it has a catalogue, or the project."""
    if given := os.environ.get(PREFIX + "HOME"):
        return Path(given)
    here = Path.cwd()
    return here if (here / "corpus" / "catalogue.toml").is_file() else _PROJECT


class Settings(BaseSettings):
    """What a user may change. Unknown keys are refused; the first of argument, environment, file, default wins."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid")
    file: ClassVar[str] = "askjapan.toml"

    home: Path = Field(default_factory=home, description="folder with corpus/ and index/")
    corpus: tuple[Path, ...] = Field(default=(), description="folders to index; default: corpus/ under home")
    index: Path | None = Field(default=None, description="index folder; default: index/ under home")
    passage_tokens: int = Field(default=120, ge=40, le=220, description="target size of a passage in tiktoken tokens")
    threshold: float | None = Field(
        default=None, ge=0, le=1, description="confidence under which a question is refused; default: the fitted one"
    )
    answer_sentences: int = Field(default=4, ge=1, le=10, description="most sentences quoted in one answer")
    multilingual: bool = Field(default=True, description="use the multilingual encoder for questions that are not English")
    host: str = Field(default="127.0.0.1", description="address that the web chat listens on")
    port: int = Field(default=7860, ge=1, le=65535, description="port of the web chat")
    llm_base_url: str = Field(default="", description="OpenAI-compatible endpoint of the optional writer")
    llm_model: str = Field(default="", description="model name at that endpoint")
    llm_api_key: str = Field(default="", description="key for that endpoint", repr=False)
    llm_timeout: float = Field(default=30.0, gt=0, le=600, description="seconds to wait for the optional writer")

    @property
    def corpus_folders(self) -> tuple[Path, ...]:
        """The folders to index."""
        return self.corpus or (self.home / "corpus",)

    @property
    def index_folder(self) -> Path:
        """The index folder."""
        return self.index or self.home / "index"

    @property
    def catalogue(self) -> Path:
        """The catalogue that full texts are recognised by."""
        return self.home / "corpus" / "catalogue.toml"

    @property
    def works(self) -> Path:
        """Where `askjapan add` copies the user's own files."""
        return self.home / "corpus" / "works"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, home() / cls.file)


def load_settings(**given: object) -> Settings:
    """The settings in force; values that are None count as not given.

    Raises:
        SettingsError: a key is unknown, or a value is out of bounds or of the wrong type.
    """
    known = set(Settings.model_fields)
    for name in os.environ:
        if name.startswith(PREFIX) and name.removeprefix(PREFIX).lower() not in known:
            raise SettingsError(f"The environment variable {name} is not a setting of askjapan.")
    try:
        return Settings(**{key: value for key, value in given.items() if value is not None})  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise SettingsError(f"The setting {key!r} cannot be used: {first['msg'].lower()} (given: {first['input']!r}).") from error
    except ValueError as error:
        raise SettingsError(f"{home() / Settings.file} cannot be read: {error}.") from error
