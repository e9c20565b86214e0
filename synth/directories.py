# SPDX-License-Identifier: Apache-2.0
"""Where the program keeps things between two runs.

`SIXOP_HOME` moves everything into one folder; without it each kind is where the system wants it.
"""

import os
from pathlib import Path
from typing import Literal

import platformdirs

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
    """
    home = os.environ.get("SIXOP_HOME")
    return Path(home).expanduser() / kind if home else _PLACES[kind]("sixop")
