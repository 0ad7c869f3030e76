"""Names and passwords of the users of the chat, hashed with scrypt (RFC 7914), in a file or in the environment."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from askjapan.errors import SettingsError
from askjapan.settings import Settings

SHORTEST = 10  # characters of a password
_COST, _BLOCK, _LANES = 1 << 14, 8, 1
_NAME = re.compile(r"[^\s:]+")
HOW = "`askjapan password NAME` makes such a line."


@dataclass(frozen=True, slots=True)
class Credentials:
    """The users by their names, each with the salt and the hash of a password."""

    users: Mapping[str, tuple[bytes, bytes]]

    def allow(self, name: str, password: str) -> bool:
        """Whether the password is that of the user; takes as long for a name that is not known."""
        salt, wanted = self.users.get(name, (b"\0" * 16, b""))
        return hmac.compare_digest(_hashed(password, salt), wanted)


def line_for(name: str, password: str) -> str:
    """The line of a user in a file of credentials: `name:scrypt:salt:hash`, with salt and hash in Base64.

    Raises:
        SettingsError: the name or the password cannot be used.
    """
    if not _NAME.fullmatch(name):
        raise SettingsError(f"{name!r} cannot be a user's name.", "Use a name without spaces and colons.")
    if len(password) < SHORTEST:
        raise SettingsError(f"The password has {len(password)} characters.", f"Use {SHORTEST} or more.")
    salt = secrets.token_bytes(16)
    return ":".join((name, "scrypt", *(base64.b64encode(part).decode() for part in (salt, _hashed(password, salt)))))


def load_credentials(settings: Settings) -> Credentials | None:
    """The credentials of the settings, from the file `auth` or the variable `ASKJAPAN_CREDENTIALS`; None where neither is set.

    Raises:
        SettingsError: the file cannot be read, has no user, or a line is not of the form; the line itself is not shown.
    """
    if settings.auth is not None:
        try:
            text = settings.auth.read_text(encoding="utf-8")
        except (OSError, ValueError) as error:
            raise SettingsError(f"The file of credentials {settings.auth} cannot be read: {error}.", HOW) from error
        where = str(settings.auth)
    elif settings.credentials is not None:
        text, where = settings.credentials.get_secret_value(), "ASKJAPAN_CREDENTIALS"
    else:
        return None
    lines = [line for line in text.split() if line] if settings.auth is None else text.splitlines()
    users = dict(_user(line, number, where) for number, line in enumerate(lines, 1) if line.strip() and line[0] != "#")
    if not users:
        raise SettingsError(f"There is no user in {where}.", HOW)
    return Credentials(users)


def _user(line: str, number: int, where: str) -> tuple[str, tuple[bytes, bytes]]:
    name, *rest = line.strip().split(":")
    try:
        kind, salt, hashed = rest
        parts = base64.b64decode(salt, validate=True), base64.b64decode(hashed, validate=True)
    except (ValueError, binascii.Error):
        kind, parts = "", (b"", b"")
    if kind != "scrypt" or not _NAME.fullmatch(name) or len(parts[0]) < 16 or len(parts[1]) != 32:
        raise SettingsError(f"Line {number} of {where} is not of the form name:scrypt:salt:hash.", HOW)
    return name, parts


def _hashed(password: str, salt: bytes) -> bytes:
    given = password.encode("utf-8", "surrogatepass")
    return hashlib.scrypt(given, salt=salt, n=_COST, r=_BLOCK, p=_LANES, maxmem=64 * 1024 * 1024, dklen=32)
