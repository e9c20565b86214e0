# SPDX-License-Identifier: Apache-2.0
"""The bridge between DX7 voices and the XFM2 board."""
