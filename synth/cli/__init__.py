# SPDX-License-Identifier: Apache-2.0
"""The `sixop` command. One file per group of commands; heavy imports happen inside them.

Answers go to stdout, everything else to stderr. Exit codes: 0 done, 1 failed,
2 asked for in a wrong way.
"""

from __future__ import annotations

from synth.cli.main import app, main

__all__ = ["app", "main"]
