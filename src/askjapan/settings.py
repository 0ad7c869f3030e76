"""Settings from arguments, `ASKJAPAN_*` variables, one optional file (`askjapan.toml`) and defaults, checked once and then frozen."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, ClassVar, Literal
from urllib.parse import SplitResult, urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator

from askjapan.errors import SettingsError
from askjapan.foreign_data import parse_toml
from askjapan.home import PREFIX, SHIPPED, data_folder, expanded, home, on_space

_HOST = re.compile(r"\*|(?:\*\.)?[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*|\[[0-9A-Fa-f:.]+\]")
_FILES = frozenset(("home", "corpus", "index", "auth", "conversations"))
_ADDRESS = re.compile(r"(https?:)/{1,2}([^/].*)")


class Settings(BaseModel):
    """Settings that a user may change; `load_settings` fills them in. Unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True, hide_input_in_errors=True)
    file: ClassVar[str] = "askjapan.toml"

    home: Path = Field(default_factory=home, description="folder with corpus/ and index/")
    corpus: tuple[Path, ...] = Field(
        default=(),
        description="folders to index; default: corpus/ under home, in an installed package its own notes and the works that you added",
    )
    index: Path | str | None = Field(
        default=None,
        description="index folder, default: index/ under home; or the address of a Milvus server that searches it, as http://host:19530",
    )
    index_token: SecretStr | None = Field(default=None, description="what that server wants: a key, or user:password")
    passage_tokens: int = Field(default=120, ge=40, le=220, description="target size of a passage in tiktoken tokens")
    threshold: float | None = Field(
        default=None, ge=0, le=1, description="confidence under which a question is refused; default: the fitted one"
    )
    answer_sentences: int = Field(default=4, ge=1, le=10, description="most sentences or table rows quoted in one answer")
    multilingual: bool = Field(default=True, description="use the multilingual encoder for questions that are not English")
    check_seconds: int = Field(
        default=600, ge=1, description="seconds that the check of a draft may take; quotations that are left are told"
    )
    reading_megabytes: int = Field(
        default=1024,
        ge=256,
        le=65_536,
        description="most memory, in megabytes, of the process that reads PDF, Word, EPUB and HTML; a text file may have a tenth",
    )
    host: str = Field(
        default_factory=lambda: "0.0.0.0" if on_space() else "127.0.0.1",
        description="address that the web chat listens on; default: this machine only, on a hosted space any",
    )
    port: int = Field(default=7860, ge=1, le=65535, description="port of the web chat")
    hosts: tuple[str, ...] = Field(
        default_factory=lambda: tuple(filter(None, [os.environ.get("SPACE_HOST", "")])),
        description="further names that the web chat answers to, separated by commas; default: this machine's own",
    )
    auth: Path | None = Field(
        default=None, description="file with the names and hashed passwords of those who may use the web chat"
    )
    credentials: SecretStr | None = Field(
        default=None, description="the lines of such a file, separated by spaces; for the environment, instead of `auth`"
    )
    no_auth: bool = Field(
        default_factory=on_space,
        description="without credentials, listen on other addresses than this machine's own too; default: on a hosted space only",
    )
    rate_limit: int = Field(default=600, ge=0, description="calls a minute that one address may send to the web chat; 0 for any")
    upload_megabytes: int = Field(
        default=200, ge=1, le=10_000, description="most megabytes that one upload to the web chat may hold"
    )
    queue_limit: int = Field(default=100, ge=1, description="questions that may wait to be answered; further ones are refused")
    queue_each: int = Field(default=20, ge=1, description="questions of one client among them")
    log_level: Literal["debug", "info", "warning"] = Field(
        default="info", description="what the web chat's server logs; questions and quotes with debug only"
    )
    conversations: Path | None = Field(
        default=None, description="file that the web chat keeps conversations in; default: in the user's data folder"
    )
    conversations_megabytes: int = Field(default=2_000, ge=1, description="most megabytes that this file may hold")
    conversations_each: int = Field(default=10_000, ge=1, description="answers that are kept of one browser")
    library_editing: bool = Field(
        default_factory=lambda: not on_space(),
        description="let visitors of the web chat add and remove works and rebuild the index; default: not on a hosted space",
    )

    llm_base_url: str | None = Field(
        default=None, description="address of an OpenAI-compatible endpoint that may connect the quotes; default: none"
    )
    llm_model: str | None = Field(default=None, min_length=1, description="the model to ask for there")
    llm_api_key: SecretStr | None = Field(default=None, description="the key to send there, if it wants one")
    llm_timeout: float = Field(default=30, gt=0, le=600, description="seconds that the writing may take in all")

    @field_validator("llm_base_url")
    @classmethod
    def _writer_address(cls, value: str | None) -> str | None:
        return None if value is None else _plain_address(value, "llm_api_key")

    @field_validator("llm_model")
    @classmethod
    def _named(cls, value: str | None) -> str | None:
        if value is not None and not value.strip():
            raise ValueError("it is empty")
        return value

    @field_validator("llm_api_key")
    @classmethod
    def _key_for_a_header(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not all("!" <= char <= "~" for char in value.get_secret_value()):
            raise ValueError("it must be made of plain letters, digits and signs, without spaces")
        return value

    @field_validator("index", mode="before")
    @classmethod
    def _folder_or_address(cls, value: object) -> object:
        """A folder as a path, an address as text; an address that was parsed as a path has lost one of its two slashes."""
        if not isinstance(value, str | Path):
            return value
        if not (address := _ADDRESS.fullmatch(str(value))):
            return Path(value)
        return _plain_address(f"{address[1]}//{address[2]}", "index_token")

    @field_validator("corpus", mode="before")
    @classmethod
    def _separated(cls, value: object) -> object:
        return [part for part in value.split(os.pathsep) if part] if isinstance(value, str) else value

    @field_validator("hosts", mode="before")
    @classmethod
    def _listed(cls, value: object) -> object:
        return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value

    @field_validator("hosts")
    @classmethod
    def _names_without_ports(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        if wrong := [name for name in names if not _HOST.fullmatch(name)]:
            raise ValueError(f"{wrong[0]!r} is no name of a host; give names as chat.example.org, without http:// and port")
        return names

    @field_validator("corpus")
    @classmethod
    def _with_homes(cls, folders: tuple[Path, ...]) -> tuple[Path, ...]:
        return tuple(map(expanded, folders))

    @field_validator("home", "index", "conversations", "auth")
    @classmethod
    def _with_home(cls, folder: Path | str | None) -> Path | str | None:
        return expanded(folder) if isinstance(folder, Path) else folder

    @property
    def corpus_folders(self) -> tuple[Path, ...]:
        """Folders to index: those given or the default, and the folder of the user's own works if it exists."""
        folders = self.corpus or (SHIPPED / "notes" if self._uses_shipped else self.home / "corpus",)
        works = self.works.resolve()
        inside = any(folder.resolve() in (works, *works.parents) for folder in folders)
        return folders if inside or not works.is_dir() else (*folders, self.works)

    @property
    def index_folder(self) -> Path:
        """The index folder; where a server searches, it holds all but what is searched."""
        return self.index if isinstance(self.index, Path) else self.home / "index"

    @property
    def index_server(self) -> str:
        """The address of the server that searches the index; empty without one."""
        return self.index if isinstance(self.index, str) else ""

    @property
    def conversations_file(self) -> Path:
        """The file that the web chat keeps conversations in."""
        return self.conversations or data_folder() / "conversations.sqlite3"

    @property
    def catalogue(self) -> Path:
        """The catalogue that full texts are recognised by."""
        return SHIPPED / "catalogue.toml" if self._uses_shipped else self.home / "corpus" / "catalogue.toml"

    @property
    def _uses_shipped(self) -> bool:
        """Whether the notes and the catalogue are those of the package, since home has no catalogue of its own."""
        return not (self.home / "corpus" / "catalogue.toml").is_file() and SHIPPED.is_dir()

    @property
    def works(self) -> Path:
        """Folder that `askjapan add` copies the user's own files to."""
        return self.home / "corpus" / "works"


def load_settings(**given: object) -> Settings:
    """Settings in force; an argument goes before the environment, that before the file, and that before the default.

    Args:
        given: settings by name; None counts as not given.

    Raises:
        SettingsError: a key is unknown, a value is out of bounds or of the wrong type, the file cannot be read, or only one of
            `llm_base_url` and `llm_model` is set.
    """
    for name in os.environ:
        key = name.removeprefix(PREFIX).lower()
        if name.startswith(PREFIX) and key not in Settings.model_fields:
            raise SettingsError(
                f"The environment variable {name} is not a setting of askjapan.", _remedy(key, in_environment=True)
            )
    values = {key: value for key, value in given.items() if value is not None}
    try:
        return _whole(Settings.model_validate({**_in_file(), **_in_environment(), **values}))
    except ValidationError as error:
        raise _explained(error, values) from error
    except (ValueError, OSError) as error:
        raise SettingsError(f"{home() / Settings.file} cannot be read: {error}.", "Correct that file.") from error


def _in_environment() -> dict[str, Any]:
    """Settings from environment variables, whose names may be in upper or lower case; an empty one counts as not set."""
    named = {name.lower(): value for name, value in os.environ.items() if value}
    given = {key: named[name] for key in Settings.model_fields if (name := f"{PREFIX}{key}".lower()) in named}
    # Names of files may be any bytes; what else is none of UTF-8 fails where it is sent or shown.
    if broken := [key for key in given.keys() - _FILES if any("\udc80" <= character <= "\udcff" for character in given[key])]:
        name = f"{PREFIX}{min(broken).upper()}"
        raise SettingsError(f"The value of the environment variable {name} is not valid UTF-8.", "Correct or remove it.")
    return given


def _in_file() -> dict[str, Any]:
    """Settings from the file. Its relative paths start at its own folder; an empty value counts as not set."""
    file = home() / Settings.file
    if not file.is_file():
        return {}
    values = {name: value for name, value in parse_toml(file.read_bytes().decode("utf-8")).items() if value != ""}
    if isinstance(values.get("corpus"), str):
        values["corpus"] = [part for part in values["corpus"].split(os.pathsep) if part]
    for name in ("index", "conversations", "auth"):
        if isinstance(values.get(name), str) and not _ADDRESS.fullmatch(values[name]):
            values[name] = home() / expanded(Path(values[name]))
    if isinstance(values.get("corpus"), list):
        values["corpus"] = [home() / expanded(Path(str(folder))) for folder in values["corpus"]]
    return values


def _whole(settings: Settings) -> Settings:
    """Check that the writer has both an address and a model, or neither. Setting only one of the two is an error."""
    given, wanted = ("llm_base_url", "llm_model") if settings.llm_base_url else ("llm_model", "llm_base_url")
    if bool(settings.llm_base_url) != bool(settings.llm_model):
        raise SettingsError(f"{given} is set, but {wanted} is not.", f"Set {PREFIX}{wanted.upper()} too, or remove {given}.")
    return settings


def _plain_address(value: str, key: str) -> str:
    """An address without a slash at its end; `key` is the setting that a key for it goes into."""
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not _is_host(parts) or not value.isprintable() or " " in value:
        raise ValueError("it must begin with http:// or https:// and name a host")
    if parts.username is not None or parts.query or parts.fragment:
        raise ValueError(f"it must hold no user, query or fragment; a key goes into {key}")
    return value.rstrip("/")


def _is_host(parts: SplitResult) -> bool:
    """Whether an address has a valid host name and, if it gives a port, a valid port number."""
    try:
        return bool(parts.hostname and parts.hostname.encode("idna")) and parts.port != 0
    except ValueError:
        return False


def _explained(error: ValidationError, given: Mapping[str, object]) -> SettingsError:
    first = error.errors()[0]
    key = str(first["loc"][0])
    if key not in given and os.environ.get(PREFIX + key.upper()):
        where = f"the environment variable {PREFIX}{key.upper()}"
    else:
        where = f"the option {key!r}" if key in given else f"{key!r} in {home() / Settings.file}"
    if first["type"] == "extra_forbidden":
        # The value is not shown: it may be a key under a misspelt name.
        return SettingsError(f"There is no setting {key!r}, but {where} sets it.", _remedy(key))
    # An address may hold a password, and a key is one.
    value = (
        "" if key in ("llm_api_key", "llm_base_url", "credentials", "index", "index_token") else f" (given: {first['input']!r})"
    )
    said = first["msg"].lower().removeprefix("value error, ")
    return SettingsError(f"The value of {where} cannot be used: {said}{value}.", "Correct or remove it.")


def _remedy(key: str, *, in_environment: bool = False) -> str:
    similar = get_close_matches(key, Settings.model_fields, n=1, cutoff=0.7)
    if not similar:
        return "Remove it."
    return f"Did you mean {PREFIX + similar[0].upper() if in_environment else similar[0]}?"
