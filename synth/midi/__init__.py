# SPDX-License-Identifier: Apache-2.0
"""MIDI in: `ports` finds and reads keyboards, `held` remembers their keys, `file` turns songs into scores."""
