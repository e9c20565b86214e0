/* SPDX-License-Identifier: Apache-2.0 */
#include "program.h"

#include "units.h"

#define FULL 255u

static uint32_t saturated(uint32_t value)
{
  return value > FULL ? FULL : value;
}

/* 0 lets everything through, 255 nothing: how far the sources assigned to bias are short of their ranges. */
static uint32_t envelope_bias(const sx_part *part, const sx_touch *touch)
{
  uint32_t value;
  const uint32_t range = saturated(sx_part_assigned(part, touch, SX_ASSIGN_BIAS, &value));
  return FULL - saturated(value + (FULL - range));
}

void sx_program_tick(sx_program *program, const sx_part *part)
{
  const sx_lfo_patch *patch = &program->patch.lfo;
  sx_lfo_tick(&program->lfo, patch);

  uint32_t controllers;
  sx_part_assigned(part, &program->touch, SX_ASSIGN_AMPLITUDE, &controllers);
  const uint32_t bias = envelope_bias(part, &program->touch);
  const uint32_t inverted_lfo = (uint32_t)(127 - program->lfo.value); /* 0..255 */
  uint32_t a = saturated(((program->lfo.fade * patch->amplitude_depth) >> 8) + controllers);
  a = saturated(a + bias) - bias;
  a = (a * inverted_lfo) >> 8;
  a = saturated(a + bias);
  program->amplitude_before = program->amplitude;
  program->amplitude = sx_amplitude_attenuation(FULL - a);
}

void sx_program_write_pitch(sx_program *program, const sx_part *part)
{
  const sx_lfo_patch *patch = &program->patch.lfo;
  uint32_t controllers;
  sx_part_assigned(part, &program->touch, SX_ASSIGN_PITCH, &controllers);
  const int32_t lfo = program->lfo.value;
  const int32_t magnitude = (patch->pitch_sensitivity * (lfo < 0 ? -lfo : lfo)) >> 8;
  const int32_t depth = (int32_t)saturated(((program->lfo.fade * patch->pitch_depth) >> 8) + controllers);
  const int32_t modulation = (depth * (lfo < 0 ? -magnitude : magnitude)) >> 1; /* towards minus infinity */
  program->pitch_word = modulation + sx_part_bend(part) + program->touch.bend;
}
