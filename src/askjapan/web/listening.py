"""Where the page's server listens, and who may use it there."""

from __future__ import annotations

import os
from dataclasses import dataclass

from askjapan.credentials import Credentials, load_credentials
from askjapan.errors import SettingsError
from askjapan.settings import Settings
from askjapan.web.hosts import is_any, is_loopback


@dataclass(frozen=True, slots=True)
class Place:
    """An address and a port; `credentials` are those who may use the page there, None for everybody who reaches it."""

    host: str
    port: int
    credentials: Credentials | None

    @property
    def url(self) -> str:
        """The address to open on this machine."""
        host = "127.0.0.1" if is_any(self.host) else self.host
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"


def listening(settings: Settings) -> Place:
    """The place that the settings name; where they are left at their defaults, `GRADIO_SERVER_NAME` and `GRADIO_SERVER_PORT` do.

    Raises:
        SettingsError: other machines could reach the page, and nothing is said of who may use it.
    """
    host = _chosen(settings, "host", "GRADIO_SERVER_NAME")
    credentials = load_credentials(settings)
    if credentials is None and not settings.no_auth and not is_loopback(host):
        raise SettingsError(
            f"On {host} other machines would reach the chat and all works in it, and no password is set.",
            "Name a file of credentials with --auth (`askjapan password NAME` makes its lines), or say --no-auth to let everybody in.",
        )
    return Place(host, int(_chosen(settings, "port", "GRADIO_SERVER_PORT")), credentials)


def _chosen(settings: Settings, name: str, variable: str) -> str:
    """What the user set; else Gradio's own variable, which some hosts set; else the default."""
    value = str(getattr(settings, name))
    return value if name in settings.model_fields_set else os.environ.get(variable, value)
