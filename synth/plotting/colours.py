# SPDX-License-Identifier: Apache-2.0
"""Colours that stand out from white and from black, so that pictures suit light and dark pages."""

from typing import Final

CARRIER: Final = "#0f9a70"
MODULATOR: Final = "#6f8aa0"
FEEDBACK: Final = "#cf6a3a"
SOUND: Final = "#4c8bd0"
ON_COLOUR: Final = "#ffffff"  # text on any of them
