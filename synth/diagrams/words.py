# SPDX-License-Identifier: Apache-2.0
"""Wirings in words, and as Mermaid flowcharts."""

from __future__ import annotations

from collections.abc import Sequence

from .wiring import Wiring, number

_MERMAID = str.maketrans({char: f"#{ord(char)};" for char in '"#&<>`\\'})  # its own way to write characters


def edge_in_words(labels: Sequence[str], edge: tuple[int, int, float]) -> str:
    """``1 -> 0``, with the amount if it is not 1: ``1 -> 0 x 0.3``."""
    source, target, amount = edge
    return f"{labels[source]} -> {labels[target]}" + (f" x {number(amount)}" if amount != 1.0 else "")


def feedback_in_words(labels: Sequence[str], edge: tuple[int, int, int | None]) -> str:
    """``5 -> 5 level 7``, or without the level if it is not known."""
    source, target, level = edge
    return f"{labels[source]} -> {labels[target]}" + (f" level {level}" if level is not None else "")


def summary(wiring: Wiring, labels: Sequence[str] | None = None) -> str:
    """Carriers, modulators, every modulation with its amount, and feedback, a line each."""
    names = wiring.labels(labels)
    modulators = [names[operator] for operator in range(wiring.operators) if operator not in wiring.carriers]
    lines = [
        wiring.title,
        f"  carriers: {', '.join(names[operator] for operator in wiring.carriers) or 'none'}",
        f"  modulators: {', '.join(modulators) or 'none'}",
        "  modulation:" if wiring.edges else "  modulation: none",
        *(f"    {edge_in_words(names, edge)}" for edge in wiring.edges),
        "  feedback:" if wiring.feedback else "  feedback: none",
        *(f"    {feedback_in_words(names, edge)}" for edge in wiring.feedback),
    ]
    return "\n".join(lines)


def mermaid(wiring: Wiring, labels: Sequence[str] | None = None) -> str:
    """A Mermaid flowchart: modulators above what they modulate, carriers coloured, feedback dotted."""
    names = wiring.labels(labels) if labels is not None else [f"op {operator}" for operator in range(wiring.operators)]
    lines = ["flowchart TB"]
    for operator in range(wiring.operators):
        mark = ":::carrier" if operator in wiring.carriers else ""
        lines.append(f'    op{operator}["{names[operator].translate(_MERMAID)}"]{mark}')
    for source, target, amount in wiring.edges:
        depth = f'|"× {number(amount)}"|' if amount != 1.0 else ""
        lines.append(f"    op{source} -->{depth} op{target}")
    for source, target, level in wiring.feedback:
        lines.append(f'    op{source} -.->|"feedback{"" if level is None else f" {level}"}"| op{target}')
    lines.append("    classDef carrier fill:#0a7d5a,stroke:#0a7d5a,color:#ffffff")
    return "\n".join(lines)
