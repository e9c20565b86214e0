# SPDX-License-Identifier: Apache-2.0
"""Faces of a session: what a player of the instrument sees and touches.

plain      the loop: keys in, events out as text or JSON
lines      the sentences it prints
piano      the computer keyboard as a piano without key-up
terminal   a terminal that hands over single keys
"""
