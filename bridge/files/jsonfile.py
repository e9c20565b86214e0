# SPDX-License-Identifier: Apache-2.0
"""A program as JSON: ``{"Short_Name": ..., "parameters": [{"Par#": 33, "Value": 255}, ...]}``.

Most such files on the net end a list with a comma too many (132 of 174 that were looked at), so that is allowed.
The `hash` is written for the tools that show it, and not checked: people edit these files.
"""

import json
import re
from typing import Any

from bridge.errors import ProgramError
from bridge.files.pairs import assemble
from bridge.program import Program

# A whole string, even one that never ends, or a comma with nothing behind it in its list.
_STRING_OR_COMMA = re.compile(r'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)|,(?=\s*+[}\]])', re.DOTALL)


def encode(program: Program) -> bytes:
    """The file, valid JSON in ASCII, with one line for each of the 512 parameters.

    It holds no date, so that the same program is the same file.
    """
    about = {
        "Short_Name": program.name,
        "Long_Name": program.name,
        "Description": "",
        "Creator": "sixop",
        "hash": program.hash,
    }
    head = json.dumps(about, indent=1).removesuffix("\n}")
    rows = ",\n".join(f'  {{"Par#": {number}, "Value": {value}}}' for number, value in enumerate(program.data))
    return f'{head},\n "parameters": [\n{rows}\n ]\n}}\n'.encode("ascii")


def decode(text: str) -> tuple[Program, list[str]]:
    """The program in such a file, and what had to be repaired.

    Raises:
        ProgramError: it is no such file.
    """
    content = _load(text)
    if not isinstance(content, dict):
        raise ProgramError("it is JSON, but not an object with 'parameters'")
    fields = {key.casefold(): value for key, value in content.items()}
    rows = fields.get("parameters")
    if not isinstance(rows, list):
        kind = f" of the kind {fields['format']!r}" if isinstance(fields.get("format"), str) else ""
        remedy = "; `sixop xfm2 restore` takes backups" if "backup" in kind else ""
        raise ProgramError(f"it is JSON{kind} without a list of 'parameters'{remedy}")
    pairs = [pair for pair in map(_pair, rows) if pair]
    data, problems = assemble(pairs)
    if len(pairs) < len(rows):
        problems.insert(0, f"no 'Par#' with a 'Value', left out: {len(rows) - len(pairs)} of {len(rows)} entries")
    names = (fields.get(key) for key in ("short_name", "long_name"))
    name = next((name for name in names if isinstance(name, str) and name.strip()), "")
    return Program(data, name), problems


def _load(text: str) -> Any:
    strict = _STRING_OR_COMMA.sub(lambda found: "" if found[0] == "," else found[0], text)
    try:
        return json.loads(strict, strict=False)
    except json.JSONDecodeError as error:
        raise ProgramError(f"it is JSON that breaks off or is damaged in line {error.lineno}: {error.msg}") from None
    except (ValueError, RecursionError):
        raise ProgramError("it is JSON of a kind that holds no program") from None


def _pair(row: Any) -> tuple[int, int] | None:
    if not isinstance(row, dict):
        return None
    number, value = _whole(row.get("Par#")), _whole(row.get("Value"))
    return None if number is None or value is None else (number, value)


def _whole(value: Any) -> int | None:
    """A whole number that may have been written as ``12.0`` or ``"12"``."""
    if isinstance(value, str) and re.fullmatch(r"\s*-?[0-9]{1,9}\s*", value):
        return int(value)
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e9:
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**9 else None
