/* SPDX-License-Identifier: Apache-2.0
 *
 * Envelopes of a note for pictures: any bytes are a voice, any moment may be
 * the note-off, and how densely one looks changes nothing.
 */
#include <math.h>
#include <string.h>

#include "sixop.h"
#include "test.h"

#define POINTS 600u
#define SPARSE 7u /* times as far apart */

static float levels[6 * POINTS];
static float pitch[POINTS];
static float sparse_levels[6 * POINTS];
static float sparse_pitch[POINTS];

static void check_voice(uint64_t *seed)
{
  uint8_t voice[SX_VOICE_BYTES];
  random_bytes(seed, voice, sizeof voice);
  sx_trace_job job = { voice, random_below(seed, SX_ALL_OPERATORS + 1), random_below(seed, 128),
                       random_below(seed, 128), random_below(seed, 20000), 1 + random_below(seed, 100), POINTS, levels,
                       pitch };
  CHECK(sx_trace(&job) == SX_OK);
  for (uint32_t i = 0; i < 6 * POINTS; ++i) {
    CHECK(levels[i] >= -91.0f && levels[i] <= 6.0f);
  }
  for (uint32_t i = 0; i < POINTS; ++i) {
    CHECK(fabsf(pitch[i]) <= 4800.0f);
  }
  job.step *= SPARSE;
  job.points = POINTS / SPARSE;
  job.levels = sparse_levels;
  job.pitch = sparse_pitch;
  CHECK(sx_trace(&job) == SX_OK);
  for (uint32_t i = 0; i < job.points; ++i) {
    CHECK(sparse_pitch[i] == pitch[i * SPARSE]);
    for (uint32_t op = 0; op < 6; ++op) {
      CHECK(sparse_levels[op * job.points + i] == levels[op * POINTS + i * SPARSE]);
    }
  }
}

static void check_arguments(void)
{
  uint8_t voice[SX_VOICE_BYTES] = { 0 };
  const sx_trace_job right = { voice, SX_ALL_OPERATORS, 127, 127, 0, 1, 1, levels, pitch };
  sx_trace_job wrong = right;
  CHECK(sx_trace(&right) == SX_OK);
  wrong.note = 128;
  CHECK(sx_trace(&wrong) == SX_RANGE);
  wrong = right;
  wrong.velocity = 128;
  CHECK(sx_trace(&wrong) == SX_RANGE);
  wrong = right;
  wrong.operators = SX_ALL_OPERATORS + 1;
  CHECK(sx_trace(&wrong) == SX_RANGE);
  wrong = right;
  wrong.step = 0;
  CHECK(sx_trace(&wrong) == SX_RANGE);
}

int main(void)
{
  uint64_t seed = 20;
  check_arguments();
  for (uint32_t i = 0; i < 300; ++i) {
    check_voice(&seed);
  }
  return 0;
}
