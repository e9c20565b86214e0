/* SPDX-License-Identifier: Apache-2.0 */
#include "patch.h"

#include "choices.h"
#include "units.h"

/* VCED: six operators of 21 bytes, OP6 first, then the voice's own parameters. */
enum { OP_RATE = 0, OP_LEVEL = 4, OP_BREAKPOINT = 8, OP_DEPTH = 9, OP_CURVE = 11, OP_RATE_SCALING = 13, OP_AMS = 14,
       OP_VELOCITY = 15, OP_OUTPUT = 16, OP_MODE = 17, OP_COARSE = 18, OP_FINE = 19, OP_DETUNE = 20, OP_BYTES = 21 };
enum { PITCH_RATE = SX_COMMON_BYTES, PITCH_LEVEL = 130, ALGORITHM = 134, FEEDBACK = 135, OSCILLATOR_SYNC = 136,
       LFO_SPEED = 137, LFO_DELAY = 138, PITCH_DEPTH = 139, AMPLITUDE_DEPTH = 140, LFO_SYNC = 141, LFO_WAVE = 142,
       PITCH_SENSITIVITY = 143, TRANSPOSE = 144 };

#define DETUNE_CENTRE 7

static uint8_t clamped(const uint8_t *voice, uint32_t at, uint8_t highest)
{
  return voice[at] > highest ? highest : voice[at];
}

static void compile_operator(sx_operator_patch *op, const uint8_t *bytes)
{
  for (uint32_t i = 0; i < SX_STAGES; ++i) {
    op->rate[i] = (uint8_t)sx_rate_register(clamped(bytes, OP_RATE + i, 99));
    op->level[i] = (uint8_t)sx_level_register(clamped(bytes, OP_LEVEL + i, 99));
  }
  for (uint32_t side = 0; side < 2; ++side) {
    op->depth[side] = clamped(bytes, OP_DEPTH + side, 99);
    op->curve[side] = clamped(bytes, OP_CURVE + side, 3);
  }
  op->attenuation = (uint8_t)sx_level_attenuation(clamped(bytes, OP_OUTPUT, 99));
  op->breakpoint = clamped(bytes, OP_BREAKPOINT, 99);
  op->rate_scaling = clamped(bytes, OP_RATE_SCALING, 7);
  op->am_sensitivity = clamped(bytes, OP_AMS, 3);
  op->velocity_sensitivity = clamped(bytes, OP_VELOCITY, 7);
  op->fixed = clamped(bytes, OP_MODE, 1);
  op->pitch = (uint16_t)sx_operator_pitch(op->fixed, clamped(bytes, OP_COARSE, 31), clamped(bytes, OP_FINE, 99));
  op->detune = (int16_t)((clamped(bytes, OP_DETUNE, 14) - DETUNE_CENTRE) * SX_DETUNE_STEP);
}

static void compile_lfo(sx_lfo_patch *lfo, const uint8_t *voice)
{
  const uint8_t delay = clamped(voice, LFO_DELAY, 99);
  lfo->increment = sx_lfo_increment(clamped(voice, LFO_SPEED, 99));
  lfo->delay_increment = sx_lfo_delay_increment(delay);
  lfo->delayed = delay > 0;
  lfo->sync = clamped(voice, LFO_SYNC, 1);
  lfo->wave = clamped(voice, LFO_WAVE, 5);
  lfo->pitch_sensitivity = (uint8_t)sx_pitch_sensitivity(clamped(voice, PITCH_SENSITIVITY, 7));
  lfo->pitch_depth = (uint8_t)sx_depth(clamped(voice, PITCH_DEPTH, 99));
  lfo->amplitude_depth = (uint8_t)sx_depth(clamped(voice, AMPLITUDE_DEPTH, 99));
}

uint32_t sx_patch_algorithm(const uint8_t *voice)
{
  return clamped(voice, ALGORITHM, SX_ALGORITHMS - 1);
}

static uint32_t carriers(const sx_algorithm *algorithm)
{
  uint32_t count = 0;
  for (uint32_t op = 0; op < SX_OPERATORS; ++op) {
    count += (uint32_t)(algorithm->carriers >> op) & 1;
  }
  return count;
}

void sx_patch_compile(sx_patch *patch, const uint8_t *voice)
{
  for (uint32_t op = 0; op < SX_OPERATORS; ++op) {
    compile_operator(&patch->op[op], voice + OP_BYTES * (SX_OPERATORS - 1 - op));
  }
  compile_lfo(&patch->lfo, voice);
  for (uint32_t i = 0; i < SX_STAGES; ++i) {
    patch->pitch_rate[i] = sx_pitch_rate(clamped(voice, PITCH_RATE + i, 99));
    patch->pitch_level[i] = sx_pitch_level(clamped(voice, PITCH_LEVEL + i, 99));
  }
  patch->algorithm = &sx_algorithms[sx_patch_algorithm(voice)];
  patch->compensation = sx_compensation(carriers(patch->algorithm));
  patch->feedback_shift = (uint8_t)(SX_FEEDBACK_SHIFT - clamped(voice, FEEDBACK, 7));
  patch->oscillator_sync = clamped(voice, OSCILLATOR_SYNC, 1);
  patch->transpose = clamped(voice, TRANSPOSE, 48);
}

#define INIT_OPERATOR(level) 99, 99, 99, 99, 99, 99, 99, 0, 0, 0, 0, 0, 0, 0, 0, 0, level, 0, 1, 0, 7

const uint8_t sx_init_voice[SX_VOICE_BYTES] = {
  INIT_OPERATOR(0), INIT_OPERATOR(0), INIT_OPERATOR(0), INIT_OPERATOR(0), INIT_OPERATOR(0), INIT_OPERATOR(99),
  99, 99, 99, 99, 50, 50, 50, 50,      /* pitch envelope */
  0, 0, 1,                             /* algorithm 1, feedback 0, oscillator sync on */
  35, 0, 0, 0, 1, 0, 3,                /* LFO: speed, delay, depths, sync, triangle, sensitivity */
  24,                                  /* no transpose */
  'I', 'N', 'I', 'T', ' ', 'V', 'O', 'I', 'C', 'E',
};
