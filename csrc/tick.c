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
    sx_part_move_gains(&engine->part[i], frames_to_next);
  }
  sx_sides_look(engine);
  sx_ramp_tick(&engine->master, engine->volume, frames_to_next);
}

static void tick_programs(sx_engine *engine)
{
  for (uint32_t i = 0; i < engine->programs; ++i) {
    sx_program *program = &engine->program[i];
    if (program->references > 0) {
      sx_program_tick(program, &engine->part[program->part]);
      sx_program_write_pitch(program, &engine->part[program->part]);
    }
  }
}

/* Most voices are at rest most of the time, so what needs no call gets none. */
static void tick_voice(sx_engine *engine, uint32_t i, uint64_t number, uint32_t frames_to_next)
{
  sx_voice *voice = &engine->voice[i];
  const int is_free = runs_freely(engine, i);
  const int has_turn = (i / VOICES_PER_TURN) % 2 == number % 2;
  if (has_turn && (is_free || voice->glide != voice->key_pitch)) {
    sx_voice_write_pitch(voice, &engine->part[voice->program->part]);
  }
  if (number % 2 == 0 && voice->pitch_stage != SX_SUSTAIN && voice->pitch_stage != SX_REST) {
    sx_voice_advance_pitch_envelope(voice);
  }
  if (is_free) {
    sx_voice_write_frequencies(voice, engine->frame, frames_to_next);
  }
}

void sx_tick(sx_engine *engine)
{
  const uint64_t number = engine->clock.tick;
  sx_clock_advance(&engine->clock, &engine->rate);
  const uint32_t frames_to_next = (uint32_t)(engine->clock.frame - engine->frame);
  const uint32_t voices = sx_busy_voice_count(engine);
  tick_programs(engine);
  for (uint32_t i = 0; i < voices; ++i) {
    tick_voice(engine, i, number, frames_to_next);
  }
  move_gains(engine, frames_to_next);
  engine->tick_frame = engine->frame;
}
