# SPDX-License-Identifier: Apache-2.0
"""One call with dexed-py and with us, and whether the results agree."""

from __future__ import annotations

import ast
import copy
import pickle
import warnings
from types import ModuleType
from typing import TYPE_CHECKING, Any

import dexed
import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

PARTS = ("Operator", "Envelope", "PitchEnvelope", "LFO")
_FIELDS = {
    name
    for part in PARTS
    for name in dir(getattr(dexed.patch, part)())
    if not name.startswith("_") and name != "frequency_ratio"
}


def plain(value: Any) -> Any:
    """A result as values that compare, whichever package it comes from."""
    kind = type(value).__name__
    if isinstance(value, np.ndarray):
        return value.dtype.str, value.shape, value.tobytes()
    if isinstance(value, np.generic):
        return value.item()
    if value is None or isinstance(value, bool | int | float | str | bytes | type):
        return value
    if kind == "Patch":
        return value.to_sysex()
    if kind == "Preset":
        return plain(value.to_array())
    if kind in ("OperatorGraph", "Algorithm", "DexedSynth"):
        return kind
    if kind.removeprefix("Graph") in PARTS:
        return kind.removeprefix("Graph"), {name: plain(getattr(value, name)) for name in dir(value) if name in _FIELDS}
    if isinstance(value, tuple):
        return tuple(map(plain, value))
    return [plain(item) for item in value]


def result_of(package: ModuleType, call: str, raw: np.ndarray, folder: Path) -> Any:
    """What the call gives, or the names of the classes of what it raises."""
    inner = package.patch if package is dexed else package
    names = {name: getattr(package, name) for name in dexed.__all__}
    names |= {name: getattr(inner, name) for name in PARTS}
    names |= {"np": np, "copy": copy, "pickle": pickle, "raw": raw, "folder": folder}
    tree = ast.parse(call)
    last = tree.body[-1]
    expression = ast.Expression(tree.body.pop().value) if isinstance(last, ast.Expr) else ast.parse("None", mode="eval")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            exec(compile(tree, call, "exec"), names)
            return plain(eval(compile(expression, call, "eval"), names))
    except Exception as error:
        return {cls.__name__ for cls in type(error).__mro__}


def agree(theirs: Any, ours: Any) -> bool:
    """True for equal results, and for errors that whoever expects theirs would catch."""
    if isinstance(theirs, set) and isinstance(ours, set):
        return theirs <= ours or bool({"ValueError", "TypeError"} & theirs & ours)
    return bool(theirs == ours)
