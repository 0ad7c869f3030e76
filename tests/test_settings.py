"""Settings: where they come from, which wins, and what is said of a wrong one."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from askjapan.errors import SettingsError
from askjapan.home import home
from askjapan.settings import Settings, load_settings
from tests.support.places import Place


def test_defaults(place: Place) -> None:
    settings = load_settings()
    assert settings.home == place.home
    assert settings.corpus_folders == (place.corpus,)
    assert settings.index_folder == place.index
    assert settings.catalogue == place.catalogue
    assert settings.works == place.works
    assert (settings.passage_tokens, settings.threshold, settings.answer_sentences) == (120, None, 4)
    assert (settings.host, settings.port, settings.multilingual) == ("127.0.0.1", 7860, True)


def test_argument_wins_over_environment_over_file_over_default(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_settings().port == 7860
    (place.home / "askjapan.toml").write_text("port = 1111\nanswer_sentences = 2\n")
    assert load_settings().port == 1111
    monkeypatch.setenv("ASKJAPAN_PORT", "2222")
    assert load_settings().port == 2222
    assert load_settings(port=3333).port == 3333
    assert load_settings(port=None).port == 2222
    assert load_settings(port=3333).answer_sentences == 2


def test_an_empty_variable_counts_as_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASKJAPAN_PORT", "")
    assert load_settings().port == 7860


def test_several_corpus_folders_in_the_environment_as_in_path(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASKJAPAN_CORPUS", os.pathsep.join(["/a folder", "資料", "~/more"]))
    assert load_settings().corpus == (Path("/a folder"), Path("資料"), Path.home() / "more")


def test_paths_in_the_file_count_from_its_folder(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    (place.home / "askjapan.toml").write_text('corpus = ["資料", "/else where"]\nindex = "built"\n', encoding="utf-8")
    monkeypatch.chdir("/")
    settings = load_settings()
    assert settings.corpus == (place.home / "資料", Path("/else where"))
    assert settings.index_folder == place.home / "built"
    # The catalogue and the user's own works stay under home, whatever is indexed.
    assert settings.catalogue == place.catalogue
    assert settings.works == place.works


def test_one_corpus_folder_in_the_file_may_be_a_plain_text(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    (place.home / "askjapan.toml").write_text('corpus = "papers"\nconversations = ""\nindex = ""\n')
    monkeypatch.chdir("/")
    settings = load_settings()
    assert settings.corpus == (place.home / "papers",)
    assert (settings.index, settings.index_folder) == (None, place.index)
    assert settings.conversations != place.home


def test_an_empty_variable_is_not_blamed_for_the_file(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    (place.home / "askjapan.toml").write_text("port = 0\n")
    monkeypatch.setenv("ASKJAPAN_PORT", "")
    assert failure().startswith(f"The value of 'port' in {place.home / 'askjapan.toml'} cannot be used")


def test_the_works_are_indexed_wherever_the_corpus_is(place: Place, tmp_path: Path) -> None:
    other = tmp_path / "other"
    assert load_settings(corpus=(other,)).corpus_folders == (other, place.works)
    for around in (place.home, place.corpus, place.works, place.home / "corpus" / "notes" / ".."):
        assert load_settings(corpus=(other, around)).corpus_folders == (other, around)
    (place.works / "README.md").unlink()
    place.works.rmdir()
    assert load_settings(corpus=(other,)).corpus_folders == (other,)


def test_where_conversations_are_kept(place: Place, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    default = load_settings().conversations_file
    assert default.name == "conversations.sqlite3"
    assert "askjapan" in default.parts
    (place.home / "askjapan.toml").write_text('conversations = "kept/chat.sqlite3"\n')
    monkeypatch.chdir("/")
    assert load_settings().conversations_file == place.home / "kept" / "chat.sqlite3"
    (place.home / "askjapan.toml").write_text('conversations = "~/chat.sqlite3"\n')
    assert load_settings().conversations_file == Path.home() / "chat.sqlite3"
    monkeypatch.setenv("ASKJAPAN_CONVERSATIONS", "~/my chats/c.sqlite3")
    assert load_settings().conversations_file == Path.home() / "my chats" / "c.sqlite3"


def test_a_hosted_space_listens_to_all_and_leaves_the_library_alone(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (load_settings().host, load_settings().library_editing) == ("127.0.0.1", True)
    monkeypatch.setenv("SPACE_ID", "somebody/askjapan")
    assert (load_settings().host, load_settings().library_editing) == ("0.0.0.0", False)
    (place.home / "askjapan.toml").write_text('host = "::1"\nlibrary_editing = true\n')
    assert (load_settings().host, load_settings().library_editing) == ("::1", True)
    monkeypatch.setenv("ASKJAPAN_LIBRARY_EDITING", "false")
    assert load_settings().library_editing is False


def test_home_is_the_working_directory_if_it_has_a_catalogue(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ASKJAPAN_HOME")
    monkeypatch.chdir(place.home)
    assert home() == place.home
    monkeypatch.chdir(place.corpus)
    assert home() == Path(__file__).resolve().parents[1]


def test_home_of_an_installed_package_is_in_the_users_data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ASKJAPAN_HOME")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setattr("askjapan.home._PROJECT", tmp_path / "site-packages")
    monkeypatch.chdir(tmp_path)
    assert home().parts[-2:] == ("askjapan", "home")
    shipped = tmp_path / "site-packages" / "askjapan" / "shipped"
    (shipped / "notes").mkdir(parents=True)
    monkeypatch.setattr("askjapan.settings.SHIPPED", shipped)
    settings = load_settings()
    assert (settings.catalogue, settings.corpus_folders) == (shipped / "catalogue.toml", (shipped / "notes",))
    settings.works.mkdir(parents=True)
    assert settings.corpus_folders == (shipped / "notes", settings.works)
    assert (settings.works, settings.index_folder) == (home() / "corpus" / "works", home() / "index")
    assert not (tmp_path / "corpus").exists()


def test_a_home_with_its_own_catalogue_uses_its_own_corpus(place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "shipped" / "notes").mkdir(parents=True)
    monkeypatch.setattr("askjapan.settings.SHIPPED", tmp_path / "shipped")
    assert (load_settings().catalogue, load_settings().corpus_folders) == (place.catalogue, (place.corpus,))


def test_home_may_start_with_a_tilde(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASKJAPAN_HOME", "~/my works")
    assert home() == Path.home() / "my works"
    assert load_settings().home == Path.home() / "my works"


def test_settings_cannot_be_changed_and_can_be_a_key() -> None:
    settings = load_settings()
    with pytest.raises(ValueError, match="frozen"):
        settings.port = 1  # type: ignore[misc]
    assert {settings: 1}[load_settings()] == 1


def failure(**given: object) -> str:
    with pytest.raises(SettingsError) as caught:
        load_settings(**given)
    return str(caught.value)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("ASKJAPAN_PROT", "The environment variable ASKJAPAN_PROT is not a setting of askjapan. Did you mean ASKJAPAN_PORT?"),
        ("ASKJAPAN_QQQ", "The environment variable ASKJAPAN_QQQ is not a setting of askjapan. Remove it."),
    ],
)
def test_unknown_variable(name: str, message: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "1")
    assert failure() == message


def test_wrong_value_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASKJAPAN_PASSAGE_TOKENS", "10")
    assert failure() == (
        "The value of the environment variable ASKJAPAN_PASSAGE_TOKENS cannot be used: "
        "input should be greater than or equal to 40 (given: '10'). Correct or remove it."
    )


def test_wrong_value_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASKJAPAN_PORT", "80")
    assert failure(port=70000) == (
        "The value of the option 'port' cannot be used: input should be less than or equal to 65535 (given: 70000). "
        "Correct or remove it."
    )


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (
            'port = "many"',
            "The value of 'port' in {file} cannot be used: input should be a valid integer, unable to parse string as an integer "
            "(given: 'many'). Correct or remove it.",
        ),
        ("prot = 1", "There is no setting 'prot', but 'prot' in {file} sets it. Did you mean port?"),
        (
            "threshold = 1.5",
            "The value of 'threshold' in {file} cannot be used: input should be less than or equal to 1 (given: 1.5). "
            "Correct or remove it.",
        ),
        ("port = ", "{file} cannot be read: Invalid value (at end of document). Correct that file."),
        (
            "port 1",
            "{file} cannot be read: Expected '=' after a key in a key/value pair (at line 1, column 6). Correct that file.",
        ),
    ],
)
def test_wrong_line_in_the_file(line: str, message: str, place: Place) -> None:
    file = place.home / "askjapan.toml"
    file.write_text(line)
    assert failure() == message.format(file=file)


def test_a_file_that_is_not_text(place: Place) -> None:
    file = place.home / "askjapan.toml"
    file.write_bytes(b"port = \xff")
    assert failure().startswith(f"{file} cannot be read: 'utf-8' codec")


def test_the_value_of_an_unknown_key_is_never_shown(place: Place) -> None:
    (place.home / "askjapan.toml").write_text('api_key = "sk-hidden"')
    assert "sk-hidden" not in failure()


def test_every_setting_says_what_it_is() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


URL, MODEL = "ASKJAPAN_LLM_BASE_URL", "ASKJAPAN_LLM_MODEL"


def test_a_writer_is_set_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (load_settings().llm_base_url, load_settings().llm_model, load_settings().llm_api_key) == (None, None, None)
    assert load_settings().llm_timeout == 30
    monkeypatch.setenv(URL, "http://127.0.0.1:11434/v1/")
    assert failure() == "llm_base_url is set, but llm_model is not. Set ASKJAPAN_LLM_MODEL too, or remove llm_base_url."
    monkeypatch.setenv(MODEL, "small")
    settings = load_settings()
    assert (settings.llm_base_url, settings.llm_model) == ("http://127.0.0.1:11434/v1", "small")
    monkeypatch.delenv(URL)
    assert failure() == "llm_model is set, but llm_base_url is not. Set ASKJAPAN_LLM_BASE_URL too, or remove llm_model."


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("127.0.0.1:11434", "it must begin with http:// or https:// and name a host"),
        ("file:///etc/passwd", "it must begin with http:// or https:// and name a host"),
        ("http:///v1", "it must begin with http:// or https:// and name a host"),
        ("http://a b/v1", "it must begin with http:// or https:// and name a host"),
        ("http://127.0.0.1:abc/v1", "it must begin with http:// or https:// and name a host"),
        ("http://127.0.0.1:99999/v1", "it must begin with http:// or https:// and name a host"),
        ("http://ü..x/v1", "it must begin with http:// or https:// and name a host"),
        ("http://me:sk-hidden@host/v1", "it must hold no user, query or fragment; a key goes into llm_api_key"),
        ("http://host/v1?key=sk-hidden", "it must hold no user, query or fragment; a key goes into llm_api_key"),
    ],
)
def test_an_address_that_is_none_is_refused_without_showing_it(
    address: str, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(URL, address)
    monkeypatch.setenv(MODEL, "small")
    assert failure() == f"The value of the environment variable {URL} cannot be used: {reason}. Correct or remove it."


def test_the_key_of_the_writer_is_never_shown(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(URL, "http://127.0.0.1:9/v1")
    monkeypatch.setenv(MODEL, "small")
    monkeypatch.setenv("ASKJAPAN_LLM_API_KEY", "sk-hidden")
    settings = load_settings()
    assert settings.llm_api_key is not None
    assert settings.llm_api_key.get_secret_value() == "sk-hidden"
    assert "sk-hidden" not in repr(settings) + str(settings) + str(settings.model_dump()) + settings.model_dump_json()
    monkeypatch.setenv("ASKJAPAN_LLM_API_KEY", "sk-hidden\nX-Other: 1")
    told = failure()
    assert told == (
        "The value of the environment variable ASKJAPAN_LLM_API_KEY cannot be used: "
        "it must be made of plain letters, digits and signs, without spaces. Correct or remove it."
    )
    monkeypatch.delenv("ASKJAPAN_LLM_API_KEY")
    (place.home / "askjapan.toml").write_text("llm_api_key = 7781")
    assert "7781" not in failure()


def test_the_key_is_not_in_the_traceback_either(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASKJAPAN_LLM_API_KEY", "sk-hidden key")
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert "sk-hidden" not in str(caught.value.__cause__)


def test_the_index_is_a_folder_or_on_a_server(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    for given in ("http://host:19530/", "http:/host:19530", Path("http://host:19530")):
        settings = load_settings(index=given)
        assert (settings.index_server, settings.index_folder) == ("http://host:19530", place.index)
    (place.home / "askjapan.toml").write_text('index = "https://host/papers"\nindex_token = "sk-1"\n', encoding="utf-8")
    assert (load_settings().index_server, load_settings().index_folder) == ("https://host/papers", place.index)
    assert "sk-1" not in str(load_settings())
    monkeypatch.setenv("ASKJAPAN_INDEX", "/somewhere/http")
    assert (load_settings().index_server, load_settings().index_folder) == ("", Path("/somewhere/http"))
    monkeypatch.setenv("ASKJAPAN_INDEX", "http://me:sk-2@host:19530")
    with pytest.raises(SettingsError, match="a key goes into index_token") as caught:
        load_settings()
    assert "sk-2" not in str(caught.value)


@pytest.mark.parametrize("name", ["INDEX_TOKEN", "LLM_MODEL", "HOST", "HOSTS", "CREDENTIALS"])
def test_a_variable_of_other_bytes_than_utf_8_is_refused(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """pymilvus, for one, ended in a traceback over such a token."""
    monkeypatch.setenv(f"ASKJAPAN_{name}", os.fsdecode(b"caf\xe9"))
    with pytest.raises(SettingsError, match=f"^The value of the environment variable ASKJAPAN_{name} is not valid UTF-8"):
        load_settings()


def test_a_folder_may_have_any_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASKJAPAN_CORPUS", os.fsdecode(b"/caf\xe9"))
    assert os.fsencode(load_settings().corpus[0]) == b"/caf\xe9"
