/* SPDX-License-Identifier: Apache-2.0
 *
 * Where the six operators are in their cycles. Phases are 32 bits a cycle and
 * wrap by themselves; all arithmetic is exact, so a phase never depends on how
 * the frames were cut into spans.
 *
 * Frequencies change once a tick. `chip` steps, `clean` glides there in a
 * straight line until the next tick.
 */
#ifndef SIXOP_PHASES_H
#define SIXOP_PHASES_H

#include <stdint.h>

#include "algorithms.h"
#include "attributes.h"

#define SX_PHASES 8 /* room for the operators, a power of two for whole vectors */

typedef struct {
  uint32_t phase[SX_PHASES];
  uint32_t step[SX_PHASES];   /* per frame, now */
  uint32_t target[SX_PHASES]; /* where the step is going */
  int32_t slope[SX_PHASES];   /* of the step, per frame; 0 once there */
} sx_phases;

/* Frames that have no tick among them. */
SX_INLINE void sx_phases_run(sx_phases *phases, uint32_t frames)
{
  const uint32_t triangle = (uint32_t)((uint64_t)frames * (frames - 1) / 2);
  for (uint32_t op = 0; frames > 0 && op < SX_PHASES; ++op) {
    phases->phase[op] += phases->step[op] * frames + (uint32_t)phases->slope[op] * triangle;
    phases->step[op] += (uint32_t)phases->slope[op] * frames;
  }
}

static inline void sx_phases_set_step(sx_phases *phases, uint32_t op, uint32_t step)
{
  phases->step[op] = step;
  phases->target[op] = step;
  phases->slope[op] = 0;
}

/* On from wherever it is, which after rounding is nearly the last target. */
static inline void sx_phases_glide(sx_phases *phases, uint32_t op, uint32_t step, uint32_t frames)
{
  phases->step[op] = phases->target[op];
  phases->target[op] = step;
  phases->slope[op] = (int32_t)(step - phases->step[op]) / (int32_t)frames;
}

#endif
