# SPDX-License-Identifier: Apache-2.0
"""The `sixop` command. One file per group of commands; heavy imports happen inside them.

Answers go to stdout, everything else to stderr. Exit codes: 0 done, 1 failed,
2 asked for in a wrong way, 130 stopped by Ctrl-C before it was done.
"""
