# SPDX-License-Identifier: Apache-2.0
"""The user's own file of settings: made from the shipped one, once, and theirs from then on."""

from __future__ import annotations

from pathlib import Path

from synth.config.positions import key_lines
from synth.config.stack import SHIPPED, user_file
from synth.errors import ConfigError
from synth.files import replacing, why_not_written
from synth.resources import config_path

_HEAD = """\
# Your settings for sixop. To change one, take the # from the front of its line, and change the value.

"""


def commented(shipped: str) -> str:
    """The text of the shipped file with a `#` before each setting, so that it sets nothing; and without its head.

    Headers of tables stay, so that a setting counts as soon as its `#` is gone.
    """
    lines = shipped.split("\n")
    settings = {line for line in key_lines(shipped).values() if not lines[line - 1].startswith("[")}
    head = lines.index("")
    return _HEAD + "\n".join(
        f"#{line}" if number in settings else line for number, line in enumerate(lines[head + 1 :], head + 2)
    )


def make_user_file() -> Path:
    """Write the user's file, if there is none, and say where.

    Raises:
        ConfigError: there is one, or it cannot be written.
    """
    file = user_file()
    text = commented(config_path(SHIPPED).read_text(encoding="utf-8"))
    if file.exists():
        raise ConfigError(f"{file} is there already, and yours: it is not written over")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        why = f"its folder cannot be made: {error.strerror or error}"
        raise ConfigError(f"cannot write {str(file)!r}: {why}; SIXOP_HOME may name another") from error
    try:
        with replacing(file) as path:
            path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"cannot write {str(file)!r}: {why_not_written(error)}") from error
    return file
