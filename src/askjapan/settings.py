"""Defaults, `ASKJAPAN_*` variables and one optional file (`askjapan.toml`), checked once and then frozen."""

from __future__ import annotations

import os
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, ClassVar

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from askjapan.errors import SettingsError

PREFIX = "ASKJAPAN_"
_PROJECT = Path(__file__).resolve().parents[2]


def home() -> Path:
    """The folder that holds `corpus/`, `index/` and `askjapan.toml`.

    It is `ASKJAPAN_HOME`, else the working directory if it has a catalogue, else the project if it has one, else the working
    directory.
    """
    if given := os.environ.get(PREFIX + "HOME"):
        return Path(given).expanduser()
    here = Path.cwd()
    return next((folder for folder in (here, _PROJECT) if (folder / "corpus" / "catalogue.toml").is_file()), here)


class _File(TomlConfigSettingsSource):
    """Paths in the file count from the file's own folder, wherever askjapan is started."""

    def __call__(self) -> dict[str, Any]:
        values = super().__call__()
        if isinstance(values.get("index"), str):
            values["index"] = home() / Path(values["index"]).expanduser()
        if isinstance(values.get("corpus"), list):
            values["corpus"] = [home() / Path(str(folder)).expanduser() for folder in values["corpus"]]
        return values


class Settings(BaseSettings):
    """What a user may change. Unknown keys are refused; the first of argument, environment, file, default wins.

    In the environment several corpus folders are separated as in `PATH`, and an empty variable counts as not set.
    """

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid", env_ignore_empty=True)
    file: ClassVar[str] = "askjapan.toml"

    home: Path = Field(default_factory=home, description="folder with corpus/ and index/")
    corpus: Annotated[tuple[Path, ...], NoDecode] = Field(default=(), description="folders to index; default: corpus/ under home")
    index: Path | None = Field(default=None, description="index folder; default: index/ under home")
    passage_tokens: int = Field(default=120, ge=40, le=220, description="target size of a passage in tiktoken tokens")
    threshold: float | None = Field(
        default=None, ge=0, le=1, description="confidence under which a question is refused; default: the fitted one"
    )
    answer_sentences: int = Field(default=4, ge=1, le=10, description="most sentences or table rows quoted in one answer")
    multilingual: bool = Field(default=True, description="use the multilingual encoder for questions that are not English")
    host: str = Field(default="127.0.0.1", description="address that the web chat listens on")
    port: int = Field(default=7860, ge=1, le=65535, description="port of the web chat")

    @field_validator("corpus", mode="before")
    @classmethod
    def _separated(cls, value: object) -> object:
        return [part for part in value.split(os.pathsep) if part] if isinstance(value, str) else value

    @field_validator("corpus")
    @classmethod
    def _with_homes(cls, folders: tuple[Path, ...]) -> tuple[Path, ...]:
        return tuple(folder.expanduser() for folder in folders)

    @field_validator("home", "index")
    @classmethod
    def _with_home(cls, folder: Path | None) -> Path | None:
        return folder and folder.expanduser()

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
        return init_settings, env_settings, _File(settings_cls, home() / cls.file)


def load_settings(**given: object) -> Settings:
    """The settings in force; values that are None count as not given.

    Raises:
        SettingsError: a key is unknown, or a value is out of bounds or of the wrong type.
    """
    for name in os.environ:
        key = name.removeprefix(PREFIX).lower()
        if name.startswith(PREFIX) and key not in Settings.model_fields:
            raise SettingsError(
                f"The environment variable {name} is not a setting of askjapan.", _remedy(key, in_environment=True)
            )
    values = {key: value for key, value in given.items() if value is not None}
    try:
        return Settings(**values)  # type: ignore[arg-type]
    except ValidationError as error:
        raise _explained(error, values) from error
    except (ValueError, OSError) as error:
        raise SettingsError(f"{home() / Settings.file} cannot be read: {error}.", "Correct that file.") from error


def _explained(error: ValidationError, given: Mapping[str, object]) -> SettingsError:
    first = error.errors()[0]
    key = str(first["loc"][0])
    if key not in given and PREFIX + key.upper() in os.environ:
        where = f"the environment variable {PREFIX}{key.upper()}"
    else:
        where = f"the option {key!r}" if key in given else f"{key!r} in {home() / Settings.file}"
    if first["type"] == "extra_forbidden":
        # The value is not shown: it may be a key under a misspelt name.
        return SettingsError(f"There is no setting {key!r}, but {where} sets it.", _remedy(key))
    return SettingsError(
        f"The value of {where} cannot be used: {first['msg'].lower()} (given: {first['input']!r}).", "Correct or remove it."
    )


def _remedy(key: str, *, in_environment: bool = False) -> str:
    near = get_close_matches(key, Settings.model_fields, n=1, cutoff=0.7)
    if not near:
        return "Remove it."
    return f"Did you mean {PREFIX + near[0].upper() if in_environment else near[0]}?"
