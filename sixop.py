# SPDX-License-Identifier: Apache-2.0
"""The console command's entry, where synth and bridge meet: `sixop`, or `python -m sixop`.

It stands outside both packages so that Ctrl-C is looked after before either is imported.
"""

import sys


def main() -> None:
    """Run `sixop`; Ctrl-C ends it without a traceback from its first moment on."""
    try:
        from bridge.cli import join
        from synth.cli.main import app, run

        join(app)
        code = run(sys.argv[1:])
    except KeyboardInterrupt:
        code = 130
    sys.exit(code)


if __name__ == "__main__":
    main()
