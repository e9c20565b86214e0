# SPDX-License-Identifier: Apache-2.0
"""`python -m synth.cli` is `sixop`."""

from synth.cli import main

if __name__ == "__main__":
    main()
