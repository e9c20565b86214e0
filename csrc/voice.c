/* SPDX-License-Identifier: Apache-2.0 */
#include "voice.h"

#include <string.h>

#include "rom.h"
#include "units.h"

#define NO_TRANSPOSE 24
#define HIGHEST_PITCH 0xFDFF  /* leaves room for the master tune */
#define OPERATOR_OFF 255      /* output register */
#define LOUDEST_OUTPUT 4

uint32_t sx_transposed(const sx_patch *patch, uint32_t note)
{
  const int32_t key = (int32_t)note + patch->transpose - NO_TRANSPOSE;
  return key < 0 ? 0 : key > 127 ? 127 : (uint32_t)key;
}

/* ---- pitch -------------------------------------------------------------- */

/* Glissando: the semitone the glide has passed last. */
static int32_t on_a_semitone(int32_t pitch, int32_t target)
{
  uint32_t low = 0;
  uint32_t high = 127;
  while (low < high) { /* the highest key that is not above the pitch */
    const uint32_t middle = (low + high + 1) / 2;
    if (sx_key_pitch(middle) <= pitch) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  const int32_t below = sx_key_pitch(low);
  return pitch > target && below < pitch && low < 127 ? sx_key_pitch(low + 1) : below;
}

static uint32_t pitch_register(const sx_voice *voice, const sx_part *part)
{
  int32_t key = voice->glide;
  if (part->glissando && key != voice->key_pitch) {
    key = on_a_semitone(key, voice->key_pitch);
  }
  const int32_t tune = sx_part_tune(part);
  int32_t pitch = key + voice->pitch_envelope - SX_PITCH_BASE + tune;
  if (tune > 0 && pitch > HIGHEST_PITCH) { /* without it, pitch wraps as in the firmware */
    pitch = HIGHEST_PITCH;
  }
  return (uint32_t)((pitch < 0 ? 0 : pitch) + part->tune) & 0xFFFF;
}

static int32_t operator_frequency(const sx_operator_patch *op, uint32_t voice_register, int32_t pitch_word)
{
  const int32_t own = (op->pitch >> 2) + op->detune;
  return op->fixed ? own : own + (int32_t)(voice_register >> 2) + pitch_word / 16; /* towards zero */
}

static uint32_t phase_step(const sx_voice *voice, uint32_t op)
{
  const sx_program *program = voice->program;
  const sx_operator_patch *patch = &program->patch.op[op];
  const int32_t frequency = operator_frequency(patch, voice->pitch_register, program->pitch_word);
  const uint64_t step = sx_rate_phase_step(voice->rate, sx_phase_increment(frequency));
  return (uint32_t)(patch->fixed ? step : step * voice->stretch / SX_UNSTRETCHED);
}

void sx_voice_write_frequencies(sx_voice *voice, uint64_t frame, uint32_t frames_to_next)
{
  const sx_program *program = voice->program;
  const int glides = voice->rate->kernel == SX_KERNEL_CLEAN && frames_to_next > 0;
  const int is_tuned = voice->tuned_to == program && voice->tuned_register == voice->pitch_register &&
                       voice->tuned_word == program->pitch_word;
  if (is_tuned && !voice->gliding) {
    return;
  }
  sx_voice_run_phases(voice, frame);
  voice->gliding = (uint8_t)(glides && !is_tuned);
  for (uint32_t op = 0; op < SX_OPERATORS; ++op) {
    const uint32_t step = is_tuned ? voice->phases.target[op] : phase_step(voice, op);
    if (voice->gliding) {
      sx_phases_glide(&voice->phases, op, step, frames_to_next);
    } else {
      sx_phases_set_step(&voice->phases, op, step);
    }
  }
  voice->tuned_to = program;
  voice->tuned_register = voice->pitch_register;
  voice->tuned_word = program->pitch_word;
}

/* The glide covers more ground while it is far away: a quarter octave more, one step more. */
static void advance_glide(sx_voice *voice, const sx_part *part)
{
  const int32_t distance = voice->key_pitch - voice->glide;
  const int32_t far = distance < 0 ? -distance : distance;
  int32_t step = sx_pitch_rate(99u - part->portamento_time) * (1 + (far >> 10));
  if (part->glissando) {
    step *= 3;
  }
  if (part->portamento_time == 0 || step >= far) {
    voice->glide = voice->key_pitch;
  } else {
    voice->glide += distance < 0 ? -step : step;
  }
}

static void write_pitch(sx_voice *voice, const sx_part *part)
{
  voice->pitch_register = pitch_register(voice, part);
  if (voice->stretch != voice->key_stretch) {
    voice->stretch = voice->key_stretch;
    voice->tuned_to = NULL;
  }
}

void sx_voice_write_pitch(sx_voice *voice, const sx_part *part)
{
  if (voice->glide != voice->key_pitch) {
    advance_glide(voice, part);
  }
  write_pitch(voice, part);
}

void sx_voice_advance_pitch_envelope(sx_voice *voice)
{
  if (voice->pitch_stage == SX_SUSTAIN || voice->pitch_stage == SX_REST) {
    return;
  }
  const sx_patch *patch = &voice->program->patch;
  const uint32_t at = voice->pitch_stage == SX_RELEASE ? 3 : voice->pitch_stage;
  const int32_t target = patch->pitch_level[at];
  const int32_t level = voice->pitch_envelope;
  int arrived = level == target;
  if (!arrived) {
    const int rising = target > level;
    const int32_t next = rising ? level + patch->pitch_rate[at] : level - patch->pitch_rate[at];
    arrived = next < 0 || (rising ? (next >> 8) >= (target >> 8) : (next >> 8) <= (target >> 8));
    voice->pitch_envelope = arrived ? target : next;
  }
  if (arrived) {
    voice->pitch_stage += 1; /* SX_STAGE_3 is followed by SX_SUSTAIN, SX_RELEASE by SX_REST */
  }
}

void sx_voice_follow_key(sx_voice *voice, uint8_t note, const sx_part *part)
{
  const sx_key key = sx_key_of(part->tuning, &voice->program->patch, note);
  voice->key = note;
  voice->key_pitch = key.pitch;
  voice->key_stretch = key.stretch;
}

/* ---- life --------------------------------------------------------------- */

void sx_voice_silence(sx_voice *voice)
{
  for (uint32_t op = 0; op < SX_OPERATORS; ++op) {
    sx_envelope_reset(&voice->envelope[op]);
  }
  voice->chip = (sx_chip_history){ 0, 0 };
  sx_clean_silence(&voice->clean);
  voice->pitch_envelope = SX_PITCH_NEUTRAL;
  voice->pitch_stage = SX_REST;
  voice->key_down = 0;
  voice->sustained = 0;
  voice->caught = 0;
  voice->resting = 1;
  voice->fade = 0;
}

void sx_voice_reset(sx_voice *voice, sx_program *program, const sx_rate *rate)
{
  sx_voice_silence(voice);
  voice->rate = rate;
  voice->program = program;
  voice->phase_frame = 0;
  voice->tuned_to = NULL;
  voice->gliding = 0;
  voice->started = 0;
  voice->glide = 0;
  voice->key_pitch = 0;
  voice->key_stretch = SX_UNSTRETCHED;
  voice->stretch = SX_UNSTRETCHED;
  voice->pitch_register = 0;
  voice->note = 0;
  voice->key = 0;
  for (uint32_t op = 0; op < SX_OPERATORS; ++op) {
    sx_phases_set_step(&voice->phases, op, (uint32_t)sx_rate_phase_step(rate, SX_PITCH_OF_SILENCE));
    voice->phases.phase[op] = (SX_PITCH_OF_SILENCE << SX_NATIVE_PHASE_SHIFT) * (uint32_t)SX_SETTLE_FRAMES;
  }
}

/* ---- envelopes between the chip's steps: `clean` ---- */

static void catch_up_contours(sx_voice *voice, uint64_t frame)
{
  for (uint32_t op = 0; voice->rate->kernel == SX_KERNEL_CLEAN && op < SX_OPERATORS; ++op) {
    sx_contour_catch_up(&voice->clean.contour[op], &voice->envelope[op], &voice->program->patch.op[op],
                        voice->pitch_register, voice->rate, frame);
  }
}

static void move_contours(sx_voice *voice, uint64_t frame)
{
  for (uint32_t op = 0; voice->rate->kernel == SX_KERNEL_CLEAN && op < SX_OPERATORS; ++op) {
    sx_contour_start(&voice->clean.contour[op], &voice->envelope[op], voice->rate, frame);
  }
}

static uint8_t output_register(const sx_operator_patch *op, uint32_t key, uint32_t velocity)
{
  const uint32_t level = sx_scaled_level(op->attenuation, key, op->breakpoint, op->depth, op->curve);
  const uint32_t output = SX_LEVEL_STEP * level + sx_velocity_attenuation(velocity, op->velocity_sensitivity);
  return (uint8_t)(output < LOUDEST_OUTPUT ? LOUDEST_OUTPUT : output > 255 ? 255 : output);
}

void sx_voice_key_on(sx_voice *voice, uint8_t note, uint8_t velocity, const sx_part *part, int32_t glide_from,
                     uint64_t frame)
{
  const sx_program *program = voice->program;
  const sx_patch *patch = &program->patch;
  const uint32_t key = sx_transposed(patch, note);
  sx_voice_key_off(voice, frame);
  voice->note = note;
  voice->key_down = 1;
  voice->sustained = 0;
  voice->resting = 0;
  sx_voice_follow_key(voice, note, part);
  voice->glide = glide_from < 0 ? voice->key_pitch : glide_from;
  voice->pitch_envelope = patch->pitch_level[3];
  voice->pitch_stage = SX_STAGE_1;
  for (uint32_t op = 0; op < SX_OPERATORS; ++op) {
    const int on = (program->operators >> (SX_OPERATORS - 1 - op)) & 1;
    voice->envelope[op].output = on ? output_register(&patch->op[op], key, velocity) : OPERATOR_OFF;
  }
  write_pitch(voice, part);
  sx_voice_run_phases(voice, frame);
  sx_voice_write_frequencies(voice, frame, 0);
  for (uint32_t op = 0; op < SX_OPERATORS; ++op) {
    sx_envelope_key_on(&voice->envelope[op], &patch->op[op], voice->pitch_register);
    if (patch->oscillator_sync) {
      voice->phases.phase[op] = 0;
    }
  }
  move_contours(voice, frame);
}

void sx_voice_key_off(sx_voice *voice, uint64_t frame)
{
  voice->key_down = 0;
  voice->sustained = 0;
  voice->caught = 0;
  catch_up_contours(voice, frame);
  for (uint32_t op = 0; op < SX_OPERATORS; ++op) {
    sx_envelope_key_off(&voice->envelope[op], &voice->program->patch.op[op], voice->pitch_register);
  }
  move_contours(voice, frame);
  if (voice->pitch_stage < SX_RELEASE) {
    voice->pitch_stage = SX_RELEASE;
  }
}

void sx_voice_change_key(sx_voice *voice, uint8_t note, const sx_part *part, int glides)
{
  voice->note = note;
  sx_voice_follow_key(voice, note, part);
  if (!glides) {
    voice->glide = voice->key_pitch;
  }
}

void sx_voice_retune(sx_voice *voice, const sx_part *part)
{
  if (sx_is_mute(part->tuning, voice->key)) { /* it sounds on as it did */
    return;
  }
  const int glides = voice->glide != voice->key_pitch;
  sx_voice_follow_key(voice, voice->key, part);
  if (!glides) {
    voice->glide = voice->key_pitch;
  }
}

/* ---- sound -------------------------------------------------------------- */

/* Of an operator at rest: whether its output is 0. */
static int is_inaudible(const sx_voice *voice, uint32_t op)
{
  const sx_patch *patch = &voice->program->patch;
  const int is_carrier = (patch->algorithm->carriers >> op) & 1;
  return voice->rate->kernel == SX_KERNEL_CHIP ?
    4u * voice->envelope[op].attenuation + (is_carrier ? patch->compensation : 0) >= SX_SILENT :
    sx_contour_is_silent(&voice->clean.contour[op]);
}

/* Nothing it holds can sound again, nor change what its next note sounds like. */
static int has_come_to_rest(const sx_voice *voice)
{
  const sx_algorithm *algorithm = voice->program->patch.algorithm;
  const uint32_t heard = algorithm->carriers | sx_feedback_operators(algorithm);
  if (voice->key_down || voice->sustained || voice->chip.last || voice->chip.before ||
      sx_clean_remembers(&voice->clean)) {
    return 0;
  }
  for (uint32_t op = 0; op < SX_OPERATORS; ++op) {
    if (voice->envelope[op].stage != SX_REST || (((heard >> op) & 1) && !is_inaudible(voice, op))) {
      return 0;
    }
  }
  return 1;
}

void sx_voice_settle(sx_voice *voice)
{
  if (voice->fade == 0) {
    voice->resting = (uint8_t)has_come_to_rest(voice);
  }
}

void sx_voice_fade_by(sx_voice *voice, uint32_t frames)
{
  voice->fade = (uint16_t)(voice->fade > frames ? voice->fade - frames : 0);
  if (voice->fade == 0) {
    sx_voice_silence(voice);
  }
}

/* The line that follows is drawn when its first frame is: until then the end of the last one counts. */
static uint32_t attenuation_now(const sx_voice *voice, uint32_t op)
{
  const sx_contour *contour = &voice->clean.contour[op];
  if (voice->rate->kernel == SX_KERNEL_CHIP) {
    return voice->envelope[op].attenuation;
  }
  return (uint32_t)(contour->end <= voice->phase_frame ? contour->goal : sx_contour_level(contour, voice->phase_frame));
}

uint32_t sx_voice_quietness(const sx_voice *voice)
{
  const sx_algorithm *algorithm = voice->program->patch.algorithm;
  uint32_t quietest = SX_ENVELOPE_MAX;
  for (uint32_t op = 0; op < SX_OPERATORS; ++op) {
    if ((algorithm->carriers >> op) & 1) {
      const uint32_t quietness = attenuation_now(voice, op);
      quietest = quietness < quietest ? quietness : quietest;
    }
  }
  return quietest;
}
