# SPDX-License-Identifier: Apache-2.0
"""The bridge to the XFM2 board: reserved, nothing here yet."""
