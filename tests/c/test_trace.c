/* SPDX-License-Identifier: Apache-2.0
 *
 * Envelopes and LFO of a note, and levels over the keys, for pictures: any
 * bytes are a voice, any moment may be the note-off, and how densely one looks
 * changes nothing.
 */
#include <math.h>

#include "sixop.h"
#include "test.h"

#define POINTS 600u
#define SPARSE 7u /* times as far apart */
#define LEVEL_DECIBELS (6.0206f / 8.0f)

enum { OP_BREAKPOINT = 8, OP_DEPTHS = 9, OP_CURVES = 11, OP_OUTPUT = 16, OP_BYTES = 21, TRANSPOSE = 144 };

static float levels[6 * POINTS];
static float pitch[POINTS];
static float lfo[POINTS];
static float sparse_levels[6 * POINTS];
static float sparse_pitch[POINTS];
static float sparse_lfo[POINTS];

static void check_voice(uint64_t *seed)
{
  uint8_t voice[SX_VOICE_BYTES];
  random_bytes(seed, voice, sizeof voice);
  sx_trace_job job = { voice, random_below(seed, SX_ALL_OPERATORS + 1), random_below(seed, 128),
                       random_below(seed, 128), random_below(seed, 20000), 1 + random_below(seed, 100), POINTS, levels,
                       pitch, lfo };
  CHECK(sx_trace(&job) == SX_OK);
  for (uint32_t i = 0; i < 6 * POINTS; ++i) {
    CHECK(levels[i] >= -91.0f && levels[i] <= 6.0f);
  }
  for (uint32_t i = 0; i < POINTS; ++i) {
    CHECK(fabsf(pitch[i]) <= 4800.0f);
    CHECK(lfo[i] >= -1.0f && lfo[i] < 1.0f);
  }
  job.step *= SPARSE;
  job.points = POINTS / SPARSE;
  job.levels = sparse_levels;
  job.pitch = sparse_pitch;
  job.lfo = sparse_lfo;
  CHECK(sx_trace(&job) == SX_OK);
  for (uint32_t i = 0; i < job.points; ++i) {
    CHECK(sparse_pitch[i] == pitch[i * SPARSE]);
    CHECK(sparse_lfo[i] == lfo[i * SPARSE]);
    for (uint32_t op = 0; op < 6; ++op) {
      CHECK(sparse_levels[op * job.points + i] == levels[op * POINTS + i * SPARSE]);
    }
  }
}

static void check_arguments(void)
{
  uint8_t voice[SX_VOICE_BYTES] = { 0 };
  const sx_trace_job right = { voice, SX_ALL_OPERATORS, 127, 127, 0, 1, 1, levels, pitch, lfo };
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

/* Scaling adds nothing at depth 0, and never leaves a level's range. */
static void check_scaling(uint64_t *seed)
{
  uint8_t voice[SX_VOICE_BYTES];
  float decibels[6 * SX_KEYS];
  random_bytes(seed, voice, sizeof voice);
  const uint32_t op = random_below(seed, 6);
  uint8_t *depths = voice + OP_BYTES * (5 - op) + OP_DEPTHS;
  depths[0] = depths[1] = 0;
  sx_trace_scaling(voice, decibels);
  for (uint32_t i = 0; i < 6 * SX_KEYS; ++i) {
    CHECK(fabsf(decibels[i]) <= 127 * LEVEL_DECIBELS + 1e-3f);
    CHECK(i / SX_KEYS != op || decibels[i] == 0.0f);
  }
}

/* What a key adds is what its envelope then lacks, here of a note at its full level. */
static void check_scaling_is_heard(void)
{
  uint8_t voice[SX_VOICE_BYTES] = { 0 };
  uint8_t *op1 = voice + OP_BYTES * 5;
  float decibels[6 * SX_KEYS];
  for (uint32_t i = 0; i < 8; ++i) {
    op1[i] = 99;
  }
  op1[OP_BREAKPOINT] = 39;
  op1[OP_DEPTHS] = op1[OP_DEPTHS + 1] = 30;
  op1[OP_CURVES] = 3;
  op1[OP_OUTPUT] = 70;
  voice[TRANSPOSE] = 27;
  sx_trace_scaling(voice, decibels);
  for (uint32_t note = 0; note < SX_KEYS; ++note) {
    float unscaled;
    const sx_trace_job job = { voice, SX_ALL_OPERATORS, note, 127, 20000, 10000, 2, levels, pitch, lfo };
    op1[OP_DEPTHS] = op1[OP_DEPTHS + 1] = 0;
    CHECK(sx_trace(&job) == SX_OK);
    unscaled = levels[1];
    op1[OP_DEPTHS] = op1[OP_DEPTHS + 1] = 30;
    CHECK(sx_trace(&job) == SX_OK);
    CHECK(fabsf(levels[1] - unscaled - decibels[note]) < 1e-3f);
  }
  CHECK(decibels[0] > 10.0f && decibels[SX_KEYS - 1] < -10.0f);
}

int main(void)
{
  uint64_t seed = 20;
  check_arguments();
  for (uint32_t i = 0; i < 300; ++i) {
    check_voice(&seed);
    check_scaling(&seed);
  }
  check_scaling_is_heard();
  return 0;
}
