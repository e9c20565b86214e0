# SPDX-License-Identifier: Apache-2.0
"""A library of all the voices somebody owns: `Library.open()`."""

from synth.library.database import LibraryError, default_path
from synth.library.importing import Imported
from synth.library.job import Job
from synth.library.library import Library
from synth.library.query import Query, parse
from synth.library.records import Edit, File, Found, Item, Listing, Mark, Shelf, Slot, Sound, Stats, Thumbnail

__all__ = [
    "Edit", "File", "Found", "Imported", "Item", "Job", "Library", "LibraryError", "Listing", "Mark", "Query", "Shelf",
    "Slot", "Sound", "Stats", "Thumbnail", "default_path", "parse",
]  # fmt: skip
