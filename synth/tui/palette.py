# SPDX-License-Identifier: Apache-2.0
"""The list of commands."""

from __future__ import annotations

from textual.command import CommandList, CommandPalette


class Palette(CommandPalette):
    """Textual's, whose keys for pages fail while the list has no room yet, in its first milliseconds."""

    def _action_command_list(self, action: str) -> None:
        if self.query_one(CommandList).scrollable_content_region:
            super()._action_command_list(action)
