/* SPDX-License-Identifier: Apache-2.0 */
#include "sides.h"

#include <string.h>

#include "engine.h"

static int are_equal(const sx_ramp *a, const sx_ramp *b)
{
  return a->start == b->start && a->end == b->end;
}

void sx_sides_look(sx_engine *engine)
{
  engine->sides.panned = 0;
  for (uint32_t i = 0; i < engine->config.parts; ++i) {
    const sx_part *part = &engine->part[i];
    if (!are_equal(&part->side[SX_LEFT], &part->gain) || !are_equal(&part->side[SX_RIGHT], &part->gain)) {
      engine->sides.panned = 1;
    }
  }
}

static int wants_two(const sx_engine *engine)
{
  return engine->sides.panned && !engine->is_mono;
}

void sx_sides_part(sx_engine *engine, float *const *bus, uint32_t done, uint32_t frames)
{
  sx_sides *sides = &engine->sides;
  if (!wants_two(engine)) {
    return;
  }
  if (!sides->apart) {
    memcpy(bus[SX_RIGHT], bus[SX_LEFT], done * sizeof **bus);
    memset(bus[SX_RIGHT] + done, 0, (frames - done) * sizeof **bus);
    if (!engine->unresampled) {
      sx_resampler_follow(&sides->right, &engine->resampler);
    }
    sides->apart = 1;
  }
}

void sx_sides_advance(sx_engine *engine, uint32_t span)
{
  sx_sides *sides = &engine->sides;
  if (wants_two(engine)) {
    sides->remembered = engine->resampler.taps;
  } else {
    sides->remembered -= sides->remembered < span ? sides->remembered : span;
  }
}

void sx_sides_join(sx_engine *engine)
{
  sx_sides *sides = &engine->sides;
  if (engine->is_mono || (!sides->panned && sides->remembered == 0)) {
    sides->apart = 0;
  }
}
