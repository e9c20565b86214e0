# SPDX-License-Identifier: Apache-2.0
"""Audio out: `devices` chooses one, `stream` plays through it, `clock` stands in when there is none."""
