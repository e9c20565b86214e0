# SPDX-License-Identifier: Apache-2.0
"""``python -m synth.factory OUT.syx``: build the factory bank's bulk dump from its texts."""

from __future__ import annotations

import sys

from synth.errors import SixopError
from synth.factory import factory_bank


def main(arguments: list[str]) -> int:
    """Write the bank to the file named in the arguments; the exit code of a command."""
    if len(arguments) != 1 or arguments[0].startswith("-"):
        print("usage: python -m synth.factory OUT.syx", file=sys.stderr)
        return 2
    try:
        factory_bank().save(arguments[0])
    except (SixopError, OSError) as error:
        print(f"factory: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
