/* SPDX-License-Identifier: Apache-2.0 */
#include "tick.h"

#define VOICES_PER_TURN 8   /* pitch registers written in one tick */

/* With oscillator sync, what a resting voice's phases do is forgotten at its next note; a spare has no next note. */
static int runs_freely(const sx_engine *engine, uint32_t number)
{
  const sx_voice *voice = &engine->voice[number];
  return !voice->resting || (number < engine->config.voices && !voice->program->patch.oscillator_sync);
}

static void move_gains(sx_engine *engine, uint32_t frames_to_next)
{
  for (uint32_t i = 0; i < engine->config.parts; ++i) {
    sx_part *part = &engine->part[i];
    sx_ramp_tick(&part->gain, sx_part_gain(part), frames_to_next);
  }
  sx_ramp_tick(&engine->master, engine->volume, frames_to_next);
}

void sx_tick(sx_engine *engine)
{
  const uint64_t number = engine->clock.tick;
  sx_clock_advance(&engine->clock, &engine->rate);
  const uint32_t frames_to_next = (uint32_t)(engine->clock.frame - engine->frame);
  const int even = number % 2 == 0;
  const uint32_t voices = sx_voice_count(engine);
  const uint32_t programs = sx_program_count(engine);

  for (uint32_t i = 0; i < programs; ++i) {
    if (engine->program[i].references > 0) {
      sx_program_tick(&engine->program[i], &engine->part[engine->program[i].part]);
    }
  }
  for (uint32_t i = 0; i < voices; ++i) {
    sx_voice *voice = &engine->voice[i];
    const int has_turn = (i / VOICES_PER_TURN) % 2 == number % 2;
    if (has_turn && (runs_freely(engine, i) || voice->glide != voice->key_pitch)) {
      sx_voice_write_pitch(voice, &engine->part[voice->program->part]);
    }
  }
  for (uint32_t i = 0; even && i < voices; ++i) {
    sx_voice_advance_pitch_envelope(&engine->voice[i]);
  }
  for (uint32_t i = 0; i < programs; ++i) {
    if (engine->program[i].references > 0) {
      sx_program_write_pitch(&engine->program[i], &engine->part[engine->program[i].part]);
    }
  }
  for (uint32_t i = 0; i < voices; ++i) {
    if (runs_freely(engine, i)) {
      sx_voice_write_frequencies(&engine->voice[i], engine->frame, frames_to_next);
    }
  }
  move_gains(engine, frames_to_next);
  engine->tick_frame = engine->frame;
}
