/* SPDX-License-Identifier: Apache-2.0
 *
 * A gain that moves in straight lines from tick to tick. Every frame's value is
 * computed from the tick, not from the frame before, so that it does not depend
 * on how the frames between two ticks are cut into spans.
 */
#ifndef SIXOP_RAMP_H
#define SIXOP_RAMP_H

#include <stdint.h>

#include "attributes.h"

#define SX_RAMP_APPROACH 0.155f /* of the way per tick: 10 Hz, as the DAC's volume smoothing */
#define SX_RAMP_ARRIVED 1e-5f

typedef struct {
  float start; /* at the last tick */
  float step;  /* per frame since then */
  float end;   /* at the next tick */
} sx_ramp;

static inline sx_ramp sx_ramp_at(float value)
{
  const sx_ramp ramp = { value, 0.0f, value };
  return ramp;
}

static inline void sx_ramp_tick(sx_ramp *ramp, float target, uint32_t frames_to_next)
{
  const float distance = target - ramp->end;
  const int arrives = distance < SX_RAMP_ARRIVED && distance > -SX_RAMP_ARRIVED;
  ramp->start = ramp->end;
  ramp->end = arrives ? target : ramp->start + distance * SX_RAMP_APPROACH;
  ramp->step = (ramp->end - ramp->start) / (float)frames_to_next;
}

static inline float sx_ramp_value(const sx_ramp *ramp, uint32_t frames_since_tick)
{
  return ramp->start + ramp->step * (float)frames_since_tick;
}

#endif
