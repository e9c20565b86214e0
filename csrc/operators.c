/* SPDX-License-Identifier: Apache-2.0 */
#include "operators.h"

#include <stddef.h>

#include "rom.h"
#include "rom_wide.h"

#define PHASE_SHIFT 20 /* the 12 highest of 32 bits address the sine */
#define PLACES (SX_PHASE_STEPS - 1)

/* KEEP has a pointer ready in a register: otherwise compilers add two indices first, one of which is late. */
#if defined(__GNUC__)
#define UNROLL _Pragma("GCC unroll 8")
#define KEEP(pointer) __asm__("" : "+r"(pointer))
#else
#define UNROLL
#define KEEP(pointer) (void)(pointer)
#endif

SX_INLINE uint16_t look_up(const int16_t *outputs, uint32_t at, uint32_t attenuation)
{
  return (uint16_t)outputs[sx_log_sine[at] + attenuation]; /* at most 29 octaves: the sign bit stays */
}

/* ---- operators one by one ------------------------------------------------ */

SX_CLONED static void place(uint16_t *restrict at, uint32_t phase, uint32_t step, uint32_t frames)
{
  for (uint32_t i = 0; i < frames; ++i) {
    at[i] = (uint16_t)((phase + step * i) >> PHASE_SHIFT);
  }
}

SX_CLONED static void place_modulated(uint16_t *restrict at, const uint16_t *restrict modulation, uint32_t phase,
                                      uint32_t step, uint32_t frames)
{
  for (uint32_t i = 0; i < frames; ++i) {
    at[i] = (uint16_t)(((phase + step * i) >> PHASE_SHIFT) + modulation[i]) & PLACES;
  }
}

void sx_lane_place(sx_lane *lane, const sx_course *c, uint32_t frames)
{
  if (c->modulation == NULL) {
    place(lane->place, c->phase, c->step, frames);
  } else {
    place_modulated(lane->place, c->modulation, c->phase, c->step, frames);
  }
}

#ifdef SX_HAS_WIDE

#define WIDE_FROM 24 /* fewer frames are quicker one by one */

/* At a steady attenuation, unless there is a row of them. */
SX_WIDE static void sound_widely(uint16_t *value, const sx_course *c, const uint16_t *row, uint32_t attenuation,
                                 const int16_t *outputs, uint32_t frames)
{
  const uint16_t *modulation = c->modulation;
  const uint32_t step = c->step;
  const sx_words steady = (sx_words){ 0 } + (uint16_t)attenuation;
  sx_wide_ramp ramp = sx_wide_ramp_from(c->phase, step);
  uint32_t i = 0;
  for (; i + WIDE_FROM <= frames; i += SX_WIDE_FRAMES) {
    sx_words at = sx_wide_ramp_next(&ramp, step);
    if (modulation != NULL) {
      at += sx_words_of(modulation + i) << 4;
    }
    const sx_words output = sx_words_output(at, row != NULL ? sx_words_of(row + i) : steady);
    memcpy(value + i, &output, sizeof output);
  }
  for (; i < frames; ++i) {
    const uint32_t at = ((c->phase + step * i) >> PHASE_SHIFT) + (modulation != NULL ? modulation[i] : 0);
    value[i] = look_up(outputs, at & PLACES, row != NULL ? row[i] : attenuation);
  }
}

#else

#define WIDE_FROM UINT32_MAX
#define sx_is_wide() 0

static void sound_widely(uint16_t *value, const sx_course *c, const uint16_t *row, uint32_t attenuation,
                         const int16_t *outputs, uint32_t frames)
{
  (void)value;
  (void)c;
  (void)row;
  (void)attenuation;
  (void)outputs;
  (void)frames;
}

#endif

void sx_lane_sound(sx_lane *lane, const sx_course *course, const int16_t *outputs, uint32_t frames)
{
  if (frames >= WIDE_FROM && sx_is_wide()) {
    sound_widely(lane->value, course, lane->value, 0, outputs, frames);
    return;
  }
  sx_lane_place(lane, course, frames);
  UNROLL
  for (uint32_t i = 0; i < frames; ++i) {
    lane->value[i] = look_up(outputs, lane->place[i], lane->value[i]);
  }
}

void sx_lane_sound_steadily(sx_lane *lane, const sx_course *course, uint32_t attenuation, const int16_t *outputs,
                            uint32_t frames)
{
  if (frames >= WIDE_FROM && sx_is_wide()) {
    sound_widely(lane->value, course, NULL, attenuation, outputs, frames);
    return;
  }
  sx_lane_place(lane, course, frames);
  outputs += attenuation;
  UNROLL
  for (uint32_t i = 0; i < frames; ++i) {
    lane->value[i] = (uint16_t)outputs[sx_log_sine[lane->place[i]]];
  }
}

/* ---- feedback: frames that depend on the two before ---------------------- */

/* A path waits for its own outputs 14 cycles of the processor for each of its operators, and several paths wait
 * together: 4.3 ns for one operator's frame, 0.8 each for eight. A path with no other beside it takes operators of its
 * voice along. */
SX_INLINE void run_paths(sx_path *path, uint32_t count, uint32_t length, const sx_companion *companion,
                         uint32_t companions, const int16_t *outputs, uint32_t frames)
{
  int32_t last[SX_PATHS];
  int32_t before[SX_PATHS];
  for (uint32_t p = 0; p < count; ++p) {
    last[p] = path[p].history.last;
    before[p] = path[p].history.before;
  }
  for (uint32_t i = 0; i < frames; ++i) {
    UNROLL
    for (uint32_t p = 0; p < count; ++p) {
      uint32_t at = path[p].lane[length - 1].place[i] + (uint32_t)((last[p] + before[p]) >> path[p].shift);
      int32_t y = 0;
      for (uint32_t k = length; k-- > 0;) {
        const int16_t *attenuated = outputs + path[p].lane[k].value[i];
        KEEP(attenuated);
        y = attenuated[sx_log_sine[at & PLACES]];
        path[p].lane[k].value[i] = (uint16_t)y;
        at = k > 0 ? path[p].lane[k - 1].place[i] + (uint32_t)y : 0;
      }
      before[p] = last[p];
      last[p] = y;
    }
    UNROLL
    for (uint32_t c = 0; c < companions; ++c) {
      sx_lane *lane = companion[c].lane;
      const uint32_t at = (uint32_t)(lane->place[i] + companion[c].modulation[i]) & PLACES;
      lane->value[i] = look_up(outputs, at, lane->value[i]);
    }
  }
  for (uint32_t p = 0; p < count; ++p) {
    path[p].history.last = last[p];
    path[p].history.before = before[p];
  }
}

/* Each number of paths, or of companions, has a loop of its own. */
SX_INLINE void run_several(sx_path *path, uint32_t count, uint32_t length, const int16_t *outputs, uint32_t frames)
{
  switch (count) {
  case 1: run_paths(path, 1, length, NULL, 0, outputs, frames); break;
  case 2: run_paths(path, 2, length, NULL, 0, outputs, frames); break;
  case 3: run_paths(path, 3, length, NULL, 0, outputs, frames); break;
  case 4: run_paths(path, 4, length, NULL, 0, outputs, frames); break;
  case 5: run_paths(path, 5, length, NULL, 0, outputs, frames); break;
  case 6: run_paths(path, 6, length, NULL, 0, outputs, frames); break;
  case 7: run_paths(path, 7, length, NULL, 0, outputs, frames); break;
  default: run_paths(path, SX_PATHS, length, NULL, 0, outputs, frames); break;
  }
}

SX_INLINE void run_one(sx_path *path, uint32_t length, const sx_companion *c, uint32_t companions,
                       const int16_t *outputs, uint32_t frames)
{
  switch (companions) {
  case 0: run_paths(path, 1, length, c, 0, outputs, frames); break;
  case 1: run_paths(path, 1, length, c, 1, outputs, frames); break;
  case 2: run_paths(path, 1, length, c, 2, outputs, frames); break;
  case 3: run_paths(path, 1, length, c, 3, outputs, frames); break;
  case 4: run_paths(path, 1, length, c, 4, outputs, frames); break;
  default: run_paths(path, 1, length, c, SX_COMPANIONS, outputs, frames); break;
  }
}

void sx_paths_run(sx_path *path, uint32_t count, uint32_t length, const int16_t *outputs, uint32_t frames)
{
  switch (length) {
  case 1: run_several(path, count, 1, outputs, frames); break;
  case 2: run_several(path, count, 2, outputs, frames); break;
  default: run_several(path, count, SX_LONGEST_PATH, outputs, frames); break;
  }
}

void sx_path_run_with(sx_path *path, uint32_t length, const sx_companion *companion, uint32_t companions,
                      const int16_t *outputs, uint32_t frames)
{
  switch (length) {
  case 1: run_one(path, 1, companion, companions, outputs, frames); break;
  case 2: run_one(path, 2, companion, companions, outputs, frames); break;
  default: run_one(path, SX_LONGEST_PATH, companion, companions, outputs, frames); break;
  }
}
