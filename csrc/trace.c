/* SPDX-License-Identifier: Apache-2.0
 *
 * What envelopes and LFO of one note do, for pictures: the note lives as in a
 * batch, only nobody computes its operators. And what the keys do to levels.
 */
#include "note.h"
#include "operators.h"
#include "units.h"

#define DECIBELS_A_STEP (6.020599913279624 / 256.0) /* of attenuation */
#define OUTPUT_STEP 16                              /* attenuation of one output register step */
#define CENTS_A_STEP (1200.0 / 4096.0)              /* of pitch */
#define LFO_FULL (128.0 * 255.0)                    /* largest magnitude of its value, at full fade */

typedef struct {
  sx_program program;
  sx_voice voice;
  sx_part part;
  sx_rate rate;
  sx_clock clock;
  uint64_t frame;
  uint64_t hold;
} tracer;

static void tick(tracer *t)
{
  const uint64_t number = t->clock.tick;
  sx_clock_advance(&t->clock, &t->rate);
  if (!t->voice.resting) {
    sx_note_tick(&t->voice, &t->part, number, t->frame, (uint32_t)(t->clock.frame - t->frame));
  }
}

/* Everything due at the present frame, in the order of a batch. */
static void begin_frame(tracer *t)
{
  if (t->frame > 0 && t->frame == t->clock.frame) {
    tick(t);
  }
  if (t->voice.key_down && t->frame >= t->hold) {
    sx_voice_key_off(&t->voice, t->frame);
  }
  if (t->frame == 0 && t->clock.tick == 0) {
    tick(t);
  }
}

static void run_envelopes(tracer *t, uint32_t frames)
{
  uint16_t unused[SX_ROW];
  for (uint32_t op = 0; op < SX_OPERATORS; ++op) {
    sx_envelope_run(&t->voice.envelope[op], &t->program.patch.op[op], t->voice.pitch_register,
                    SX_SETTLE_FRAMES + t->frame, 0, 0, unused, frames);
  }
}

static void run_to(tracer *t, uint64_t end)
{
  while (t->frame < end) {
    begin_frame(t);
    uint64_t span = end - t->frame;
    span = t->clock.frame - t->frame < span ? t->clock.frame - t->frame : span;
    span = t->voice.key_down && t->hold - t->frame < span ? t->hold - t->frame : span;
    span = span < SX_BLOCK ? span : SX_BLOCK;
    run_envelopes(t, (uint32_t)span);
    t->frame += span;
  }
}

static float decibels(const tracer *t, uint32_t op)
{
  const uint32_t full = OUTPUT_STEP * sx_velocity_attenuation(0, 0); /* output level 99 without velocity */
  return (float)(((double)full - t->voice.envelope[op].attenuation) * DECIBELS_A_STEP);
}

sx_status sx_trace(const sx_trace_job *job)
{
  if (job->note > 127 || job->velocity > 127 || job->operators > SX_ALL_OPERATORS || job->step == 0) {
    return SX_RANGE;
  }
  tracer t = { .rate = sx_rate_of(SX_KERNEL_CHIP, 0), .hold = job->hold };
  const sx_note note = { job->voice, (uint8_t)job->operators, (uint8_t)job->note, (uint8_t)job->velocity };
  sx_part_reset(&t.part);
  sx_note_start(&t.program, &t.voice, &note, &t.part, &t.rate);
  for (uint32_t point = 0; point < job->points; ++point) {
    run_to(&t, (uint64_t)point * job->step);
    for (uint32_t op = 0; op < SX_OPERATORS; ++op) {
      job->levels[(size_t)op * job->points + point] = decibels(&t, op);
    }
    job->pitch[point] = (float)((t.voice.pitch_envelope - SX_PITCH_NEUTRAL) * CENTS_A_STEP);
    job->lfo[point] = (float)(t.program.lfo.value * (int32_t)t.program.lfo.fade / LFO_FULL);
  }
  return SX_OK;
}

void sx_trace_scaling(const uint8_t *voice, float *decibels)
{
  const double level_decibels = SX_LEVEL_STEP * OUTPUT_STEP * DECIBELS_A_STEP;
  sx_patch patch;
  sx_patch_compile(&patch, voice);
  for (uint32_t op = 0; op < SX_OPERATORS; ++op) {
    const sx_operator_patch *own = &patch.op[op];
    for (uint32_t note = 0; note < SX_KEYS; ++note) {
      const uint32_t key = sx_transposed(&patch, note);
      const uint32_t level = sx_scaled_level(own->attenuation, key, own->breakpoint, own->depth, own->curve);
      decibels[(size_t)op * SX_KEYS + note] = (float)((own->attenuation - (int32_t)level) * level_decibels);
    }
  }
}
