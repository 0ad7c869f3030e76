"""Runs a command where there is no network but loopback: `unshare -n python -m tests.support.loopback COMMAND …`."""

from __future__ import annotations

import os
import socket
import struct
import sys

SET_FLAGS, UP_AND_RUNNING = 0x8914, 0x41  # SIOCSIFFLAGS; IFF_UP | IFF_RUNNING


def main() -> None:
    """Switch loopback on, make sure that there is nothing else, and become the command."""
    import fcntl

    if others := [name for _, name in socket.if_nameindex() if name != "lo"]:
        sys.exit(f"This has the network interfaces {', '.join(others)}; start it with `unshare -n`.")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        fcntl.ioctl(control, SET_FLAGS, struct.pack("16sh14x", b"lo", UP_AND_RUNNING))
    os.execvp(sys.argv[1], sys.argv[1:])


if __name__ == "__main__":
    main()
