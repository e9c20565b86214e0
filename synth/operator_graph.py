# SPDX-License-Identifier: Apache-2.0
"""FM beyond the 32 algorithms: up to 32 operators, wired at will, rendered by the engine.

    graph = OperatorGraph(9)
    for carrier in range(8):
        graph.op[carrier].frequency_ratio = carrier + 0.5
        graph.connect(8, carrier, amount=0.4)  # one modulator for all
    sound = graph.set_carriers(range(8)).set_feedback(8, 0).render(midi_note=36)

The parameters are those of a Patch: operator i is operator i % 6 of voice i // 6, and what operators share, from the
LFO to the pitch envelope, is the first voice's.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import TYPE_CHECKING, Any, Self, TypeVar

import numpy as np

from .algorithm_table import algorithms
from .attributes import own
from .checks import as_array, checked_choice, numeric
from .diagrams import Drawn, Wiring
from .graph_parameters import GraphOperator as GraphOperator
from .graph_parameters import GraphOperators, Shared
from .parameters import OPERATORS, operators_switched_on
from .patch import Patch
from .routing import Feedback, Routing, edges_of_feedback
from .sections import LFO, Envelope, Operator, PitchEnvelope

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

_Graph = TypeVar("_Graph", bound="OperatorGraph")

GraphEnvelope = Envelope


class OperatorGraph(Routing, Drawn):
    """1 to 32 operators, with any routing that has no cycle, and feedback anywhere.

    Operators are counted from 0. `op[i]` has the parameters of a Patch's operator, all at level 99 at first; lfo,
    pitch_envelope, transpose, osc_key_sync and pitch_mod_sensitivity are as in `Patch()`. A new graph has no edges
    and no carriers. Carriers are made quieter the more there are, as the algorithms' are.

    Graphs compare and hash by content; do not change one while it is a key.
    """

    __slots__ = ("_on", "_voices")

    def __init__(self, num_ops: int = 6) -> None:
        super().__init__(num_ops)
        self._voices = tuple(Patch() for _ in range(0, num_ops, OPERATORS))
        self._on = (True,) * num_ops

    # -- other ways to make one ----------------------------------------------

    @classmethod
    def from_matrix(cls, mod_matrix: ArrayLike, carriers: Iterable[int], feedback: Feedback | None = None) -> Self:
        """A graph of the amounts in a square array: [i, j] is how deep operator j modulates operator i.

        mod_matrix: (n, n), n 1..32, numbers of any kind in any array or nested lists. feedback: levels 0..7 or
        strengths 0.0..1.0, of an operator on itself, {3: 0.5}, of edges, {(3, 3): 5}, or [(source, target, level)].

        Raises:
            ValueError, TypeError: not square, a diagonal that is not zero, or what `connect`, `set_carriers` and
                `set_feedback` refuse.
        """
        matrix = as_array("mod_matrix", mod_matrix)
        if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1]:
            raise ValueError(f"mod_matrix must be square, such as (6, 6), not of shape {matrix.shape}")
        if not numeric(matrix.dtype):
            raise TypeError(f"mod_matrix must be numbers, not {matrix.dtype.name} values")
        if matrix.dtype.kind in "bV":  # truth values, and short floats of JAX
            matrix = matrix.astype(np.float32)
        for op in np.flatnonzero(np.diagonal(matrix)).tolist():
            raise ValueError(f"mod_matrix[{op}, {op}] must be 0, not {matrix[op, op]:g}; use feedback={{{op}: level}}")
        graph = cls(len(matrix))
        for target, source in np.argwhere(matrix).tolist():
            graph.connect(source, target, matrix[target, source])
        graph.set_carriers(carriers)
        for source, target, level in edges_of_feedback(feedback):
            graph.set_feedback(source, target, level)
        return graph

    @classmethod
    def from_algorithm(cls, algorithm: int, feedback: float = 0) -> Self:
        """Algorithm 0..31 as a graph of 6 operators.

        feedback: level 0..7 or strength 0.0..1.0 of the algorithm's own feedback edge. Level 0 is the DX7's, faint but
        not nothing; `remove_feedback` takes the edge away.

        Raises:
            AlgorithmError (a ValueError, and a KeyError): no such algorithm.
        """
        wired = algorithms[algorithm]
        graph = cls(OPERATORS).set_carriers(wired.carriers)
        for source, target in wired.edges:
            graph.connect(source, target)
        return graph.set_feedback(*wired.feedback_edge, level=feedback)

    @classmethod
    def from_patch(cls, patch: Patch) -> Self:
        """A patch as a graph that sounds the same: its algorithm, feedback, operators and switches, and the rest."""
        if not isinstance(patch, Patch):
            raise TypeError(f"from_patch takes a Patch, not {type(patch).__name__}")
        graph = cls.from_algorithm(patch.algorithm, patch.feedback)
        blank, voice = Patch(), Patch.from_raw(patch.to_raw())
        voice.name, voice.algorithm, voice.feedback = blank.name, blank.algorithm, blank.feedback  # the graph's own now
        graph._voices = (voice,)
        graph.operators_on = operators_switched_on(patch.operators_on)
        return graph

    # -- parameters ----------------------------------------------------------

    @property
    def op(self) -> GraphOperators:
        """The operators: ``op[0]``, ``op[-1]``, ``len(op)``; assigning others copies their values."""
        return GraphOperators(self._voices, self._num_ops)

    @op.setter
    def op(self, operators: Iterable[Operator]) -> None:
        self.op[:] = operators

    @property
    def operators_on(self) -> tuple[bool, ...]:
        """For each operator whether it is switched on. A carrier that is off still counts as a carrier."""
        return self._on

    @operators_on.setter
    def operators_on(self, on: Iterable[bool]) -> None:
        switches = tuple(islice(on, self._num_ops + 1)) if isinstance(on, Iterable) else ()
        if not switches or not all(isinstance(switch, bool | np.bool_) for switch in switches):
            raise TypeError(f"operators_on takes True or False for each of {self._num_ops} operators, not {on!r}")
        if len(switches) != self._num_ops:
            many = len(switches) if len(switches) < self._num_ops else "more"
            raise ValueError(f"operators_on takes {self._num_ops} of True and False, one per operator, not {many}")
        self._on = tuple(map(bool, switches))

    lfo = Shared[LFO]("The low frequency oscillator of all operators; assigning another LFO copies its values.")
    pitch_envelope = Shared[PitchEnvelope](
        "The pitch envelope of all operators; assigning another one copies its values."
    )
    transpose = Shared[int]("Semitones, 0..48; 24 is none.")
    osc_key_sync = Shared[bool]("Whether all phases start anew at each key.")
    pitch_mod_sensitivity = Shared[int]("How far the LFO moves the pitch, 0..7.")

    # -- sound ---------------------------------------------------------------

    def render(
        self,
        sample_rate: float = 44100.0,
        midi_note: int = 60,
        velocity: int = 100,
        note_duration: float = 1.0,
        render_duration: float = 1.5,
        kernel: str = "chip",
        normalize_feedback: bool = False,
    ) -> NDArray[np.float32]:
        """One note, mono: float32 (T,), T = round(render_duration * sample_rate).

        sample_rate: 8000 to 192 000 Hz, whole. midi_note 0..127, 60 is C3. velocity 0..127; 0 sounds like 1, the
        quietest. note_duration: seconds until the key goes up; render_duration: of sound; both 0 to 3600.
        kernel: "chip" or "clean", as for `synth.render`. normalize_feedback: feed back what carriers are before
        they are made quieter for their number, so that the same level is the same feedback in all graphs.
        1.0 is one carrier at output level 99.

        Raises:
            ValueError, TypeError: no carriers, or an argument out of range.
        """
        note = sample_rate, midi_note, velocity, note_duration, render_duration
        return self._render(False, note, kernel, normalize_feedback)

    def render_all_ops(
        self,
        sample_rate: float = 44100.0,
        midi_note: int = 60,
        velocity: int = 100,
        note_duration: float = 1.0,
        render_duration: float = 1.5,
        kernel: str = "chip",
        normalize_feedback: bool = False,
    ) -> NDArray[np.float32]:
        """One note, each operator by itself and then the mix: float32 (num_ops + 1, T).

        The last row is what `render` gives, and to the last bit the sum of the carriers' rows. Arguments and errors
        are those of `render`.
        """
        note = sample_rate, midi_note, velocity, note_duration, render_duration
        return self._render(True, note, kernel, normalize_feedback)

    def _render(
        self, stems: bool, note: tuple[float, int, int, float, float], kernel: str, normalize_feedback: bool
    ) -> NDArray[np.float32]:
        from .engine import KERNELS
        from .graph_engine import checked_note, render_graph

        if not self._carriers:
            raise ValueError("the graph has no carriers, so nothing would be heard; use set_carriers, e.g. [0]")
        checked = checked_note(*note)
        if not isinstance(normalize_feedback, bool | np.bool_):
            raise TypeError(f"normalize_feedback must be True or False, not {normalize_feedback!r}.")
        return render_graph(
            b"".join(voice.to_bytes() for voice in self._voices),
            self._num_ops,
            self.get_connections(),
            self.get_feedback_edges(),
            sorted(self._carriers),
            **checked,
            kernel=checked_choice("kernel", kernel, KERNELS),
            stems=stems,
            normalize_feedback=bool(normalize_feedback),
            operators_on=self._on,
        )

    def _wiring(self) -> Wiring:
        return Wiring(
            self._num_ops,
            tuple(self.get_connections()),
            tuple(self.get_feedback_edges()),
            self._carriers,
            f"OperatorGraph, {self._num_ops} operator{'s' * (self._num_ops > 1)}",
        )

    # -- identity ------------------------------------------------------------

    def copy(self) -> Self:
        """An independent graph with the same content."""
        twin = _restored(type(self), *self._content())
        if more := own(self):
            vars(twin).update(more)
        return twin

    __copy__ = copy

    def _content(self) -> tuple[Any, ...]:
        return (
            self._num_ops,
            tuple(voice.to_bytes() for voice in self._voices),
            tuple(self.get_connections()),
            tuple(self.get_feedback_edges()),
            self._carriers,
            self._on,
        )

    def __reduce__(self) -> tuple[Any, ...]:
        return _restored, (type(self), *self._content()), own(self)

    def __eq__(self, other: object) -> bool:
        return self._content() == other._content() if isinstance(other, OperatorGraph) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._content())

    def __repr__(self) -> str:
        return f"OperatorGraph(num_ops={self._num_ops}, carriers={self.carriers}, connections={len(self._amounts)})"


def _restored(
    kind: type[_Graph],
    num_ops: int,
    voices: tuple[bytes, ...],
    edges: tuple[tuple[int, int, float], ...],
    feedback: tuple[tuple[int, int, int], ...],
    carriers: tuple[int, ...],
    on: tuple[bool, ...],
) -> _Graph:
    """A graph of what `_content` gave."""
    graph = kind.__new__(kind)
    OperatorGraph.__init__(graph, num_ops)
    graph._voices = tuple(map(Patch.from_raw, voices))
    graph._amounts = {(source, target): amount for source, target, amount in edges}
    graph._feedback = {(source, target): level for source, target, level in feedback}
    if carriers:
        graph.set_carriers(carriers)
    graph.operators_on = on
    return graph
