# SPDX-License-Identifier: Apache-2.0
"""The `sixop` command. One file per group of commands; heavy imports happen inside them.

Answers go to stdout, everything else to stderr. Exit codes: 0 done, 1 failed,
2 asked for in a wrong way, 130 stopped by Ctrl-C before it was done.
"""

from __future__ import annotations

import sys


def main() -> None:
    """Run the program on the arguments of this process, and end it."""
    try:
        from synth.cli.main import run

        code = run(sys.argv[1:])
    except KeyboardInterrupt:
        code = 130
    sys.exit(code)
