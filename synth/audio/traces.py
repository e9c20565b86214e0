# SPDX-License-Identifier: Apache-2.0
"""What audio devices and servers leave behind in the file system when they come and go.

Looking for devices is costly and disturbs others; looking whether it is worth while costs some file look-ups.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

_SERVERS = "/dev/shm", "/tmp"  # noqa: S108  only looked at
_DEFINITIONS = "/etc/asound.conf", "~/.asoundrc", "$XDG_CONFIG_HOME/alsa/asoundrc", "~/.config/alsa/asoundrc"
_SOCKETS = "$XDG_RUNTIME_DIR/pipewire-0", "$XDG_RUNTIME_DIR/pulse/native"
_FILES = [Path(os.path.expandvars(file)).expanduser() for file in (*_DEFINITIONS, *_SOCKETS)]
_CARDS, _PCMS = Path("/proc/asound/cards"), "card*/pcm*p/sub*/status"
# Of the moment when the program started: a player hides a server that hangs from itself.
_SERVER = os.environ.get("JACK_DEFAULT_SERVER", "default")
_USER = os.getuid() if hasattr(os, "getuid") else ""
_JACK = [Path(folder, f"jack_{_SERVER}_{_USER}_0") for folder in _SERVERS]


def leaves_traces() -> bool:
    """True where `traces` tells of every device that comes; elsewhere one has to look now and then."""
    return sys.platform == "linux"


def traces() -> str:
    """What changes when audio devices and servers come, go or become free; costs some file look-ups."""
    found = [*map(_stamp, _FILES), jack_socket()]
    if _CARDS.exists():
        found.append(_CARDS.read_text())
        found += [f"{path} {_first_line(path)}" for path in sorted(_CARDS.parent.glob(_PCMS))]
    return "\n".join(found)


def jack_socket() -> str:
    """What changes when the JACK server of our name starts, ends or is another one; "" if none is known."""
    return "".join(map(_stamp, _JACK))


def _stamp(path: Path) -> str:
    try:
        status = path.stat()
    except OSError:
        return ""
    return f"{path} {status.st_ino} {status.st_mtime_ns}"


def _first_line(path: Path) -> str:
    """`closed`, or that somebody plays; what follows moves all the time."""
    try:
        return path.read_text().partition("\n")[0]
    except OSError:
        return ""
