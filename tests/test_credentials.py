"""Who may use the chat: lines of hashed passwords, in a file or in the environment."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from askjapan.errors import SettingsError
from askjapan.settings import load_settings
from askjapan.web.server.credentials import line_for, load_credentials
from tests.support.commands import Ran

PASSWORD = "seven small lanterns"
HOW = "`askjapan password NAME` makes such a line."


def test_a_line_lets_its_user_in_and_holds_no_password(tmp_path: Path) -> None:
    file = tmp_path / "users"
    file.write_text(
        f"# who may\n\n{line_for('rin', PASSWORD)}\n{line_for('emi', '港の灯台は二つある。よね')}\n", encoding="utf-8"
    )
    assert PASSWORD not in file.read_text(encoding="utf-8")
    credentials = load_credentials(load_settings(auth=file))
    assert credentials is not None
    assert credentials.allow("rin", PASSWORD)
    assert credentials.allow("emi", "港の灯台は二つある。よね")
    for name, password in (("rin", PASSWORD + "s"), ("emi", PASSWORD), ("nobody", PASSWORD), ("", ""), ("rin", "")):
        assert not credentials.allow(name, password)


def test_lines_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASKJAPAN_CREDENTIALS", f"{line_for('rin', PASSWORD)} {line_for('emi', PASSWORD)}")
    settings = load_settings()
    credentials = load_credentials(settings)
    assert credentials is not None
    assert sorted(credentials.users) == ["emi", "rin"]
    assert "scrypt" not in str(settings.model_dump())


def test_without_any_nobody_is_asked() -> None:
    assert load_credentials(load_settings()) is None


@pytest.mark.parametrize(
    "line", ["rin:lanterns", "rin:scrypt:AAAA:AAAA", "rin:md5:AAAA:AAAA", "rin", ":scrypt::", "rin:scrypt:%%:%%"]
)
def test_a_line_that_is_none_is_named_but_not_shown(tmp_path: Path, line: str) -> None:
    file = tmp_path / "users"
    file.write_text(f"{line_for('emi', PASSWORD)}\n{line}\n", encoding="utf-8")
    with pytest.raises(SettingsError) as error:
        load_credentials(load_settings(auth=file))
    assert str(error.value) == f"Line 2 of {file} is not of the form name:scrypt:salt:hash. {HOW}"


def test_a_file_without_users_lets_nobody_believe_that_it_guards(tmp_path: Path) -> None:
    file = tmp_path / "users"
    file.write_text("# nobody yet\n", encoding="utf-8")
    with pytest.raises(SettingsError) as error:
        load_credentials(load_settings(auth=file))
    assert str(error.value) == f"There is no user in {file}. {HOW}"
    with pytest.raises(SettingsError, match="cannot be read"):
        load_credentials(load_settings(auth=tmp_path / "gone"))


def test_the_command_prints_a_line(askjapan: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("typer.prompt", lambda *_, **__: PASSWORD)
    ran = askjapan("password", "rin")
    assert ran.code == 0
    (tmp_path / "users").write_text(ran.out, encoding="utf-8")
    credentials = load_credentials(load_settings(auth=tmp_path / "users"))
    assert credentials is not None
    assert credentials.allow("rin", PASSWORD)
    assert askjapan("password", "r in").err == "'r in' cannot be a user's name. Use a name without spaces and colons.\n"
    monkeypatch.setattr("typer.prompt", lambda *_, **__: "short")
    assert askjapan("password", "rin").err == "The password has 5 characters. Use 10 or more.\n"
