# SPDX-License-Identifier: Apache-2.0
"""Where the files that travel with sixop are: its configs, in a checkout or in an installed wheel."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_CHECKOUT = _PACKAGE.parent / "configs"
_INSTALLED = _PACKAGE / "_configs"


def config_path(name: str = "") -> Path:
    """Return the path of a shipped config, such as ``config_path("default.toml")``.

    In a source checkout (or an editable install of one) that is the top-level
    ``configs/`` folder; a wheel carries the same files as ``synth/_configs/``.
    Without a name the folder itself is returned. The file need not exist:
    the caller's ``open`` says so if it does not.
    """
    checkout = (_PACKAGE.parent / "pyproject.toml").is_file() and _CHECKOUT.is_dir()
    return (_CHECKOUT if checkout else _INSTALLED) / name
