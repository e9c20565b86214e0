# SPDX-License-Identifier: Apache-2.0
"""The settings of the instrument, in TOML: `schema.py` is the table, `configs/default.toml` the manual.

A later file wins over an earlier one (shipped, the user's own, the one named), a profile over everything outside of
profiles, an option over all.
"""
