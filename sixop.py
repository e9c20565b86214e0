# SPDX-License-Identifier: Apache-2.0
"""The console command's entry, outside the package so that Ctrl-C is looked after before the package is imported."""

import sys


def main() -> None:
    """Run `sixop`; Ctrl-C ends it without a traceback from its first moment on."""
    try:
        from synth.cli import main as run

        run()
    except KeyboardInterrupt:
        sys.exit(130)
