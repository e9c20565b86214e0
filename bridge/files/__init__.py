# SPDX-License-Identifier: Apache-2.0
"""Files of XFM2 programs, in all formats that people have them in.

    programs = read_programs("found on the net.json")
    for problem in programs.problems:
        print(problem)
    write_programs("bass.syx", programs, "syx")

| format | what | programs |
|---|---|---|
| `json` | parameters by number, and a name | 1 |
| `xfm2` | lines of text, ``number:value`` | 1 |
| `prg` | 512 bytes as they are | 1 |
| `bank` | 65 536 bytes, 128 programs one after the other | 128 |
| `syx` | dumps as the board sends them over MIDI, 1028 bytes each; 1030 are read as well | any number |

What a file is, its content says and never its name. All formats hold bytes of unknown meaning too; those that may
leave parameters out mean the values of an initialised program by that.
"""

from bridge.files.reading import LARGEST_FILE, Programs, read_programs
from bridge.files.writing import FORMATS, SUFFIXES, encode, encode_bank, write_programs

__all__ = [
    "FORMATS",
    "LARGEST_FILE",
    "SUFFIXES",
    "Programs",
    "encode",
    "encode_bank",
    "read_programs",
    "write_programs",
]
