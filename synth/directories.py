# SPDX-License-Identifier: Apache-2.0
"""Where the program keeps things between two runs.

`SIXOP_HOME` moves everything into one folder; without it each kind is where the system wants it.
"""

import os
from pathlib import Path
from typing import Literal

import platformdirs

from synth.errors import ConfigError

Kind = Literal["config", "state", "library", "cache"]

_PLACES = {
    "config": platformdirs.user_config_path,
    "state": platformdirs.user_state_path,
    "library": platformdirs.user_data_path,
    "cache": platformdirs.user_cache_path,
}


def directory(kind: Kind) -> Path:
    """The folder for what people configure, what the program remembers, their voices, or what can be made again.

    It need not exist yet.

    Raises:
        ConfigError: SIXOP_HOME names a user that does not exist.
    """
    home = os.environ.get("SIXOP_HOME")
    try:
        return Path(home).expanduser() / kind if home else _PLACES[kind]("sixop")
    except RuntimeError as error:
        raise ConfigError(f"SIXOP_HOME is {home!r}, and there is no such user; name a folder") from error
