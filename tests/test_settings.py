"""Settings: where they come from, which wins, and what is said of a wrong one."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from conftest import Place

from askjapan.errors import SettingsError
from askjapan.settings import Settings, home, load_settings


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
    assert load_settings().corpus_folders == (Path("/a folder"), Path("資料"), Path.home() / "more")


def test_paths_in_the_file_count_from_its_folder(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    (place.home / "askjapan.toml").write_text('corpus = ["資料", "/else where"]\nindex = "built"\n', encoding="utf-8")
    monkeypatch.chdir("/")
    settings = load_settings()
    assert settings.corpus_folders == (place.home / "資料", Path("/else where"))
    assert settings.index_folder == place.home / "built"
    # The catalogue and the user's own works stay under home, whatever is indexed.
    assert settings.catalogue == place.catalogue
    assert settings.works == place.works


def test_home_is_the_working_directory_if_it_has_a_catalogue(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ASKJAPAN_HOME")
    monkeypatch.chdir(place.home)
    assert home() == place.home
    monkeypatch.chdir(place.corpus)
    assert home() == Path(__file__).resolve().parents[1]


def test_home_without_a_project_is_the_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ASKJAPAN_HOME")
    monkeypatch.setattr("askjapan.settings._PROJECT", tmp_path / "site-packages")
    monkeypatch.chdir(tmp_path)
    assert home() == tmp_path


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
