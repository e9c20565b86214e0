# SPDX-License-Identifier: Apache-2.0
"""The script of which type checkers know every type also runs."""

import typed_script


def test_the_typed_script_runs():
    typed_script.main()
