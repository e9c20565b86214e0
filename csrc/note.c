/* SPDX-License-Identifier: Apache-2.0 */
#include "note.h"

#include <string.h>

void sx_note_start(sx_program *program, sx_voice *voice, const sx_note *note, const sx_part *part, const sx_rate *rate)
{
  memset(program, 0, sizeof *program);
  sx_patch_compile(&program->patch, note->voice);
  sx_lfo_reset(&program->lfo);
  program->operators = note->operators;
  sx_voice_reset(voice, program, rate);
  if (note->velocity > 0) {
    sx_lfo_note_on(&program->lfo, &program->patch.lfo);
    sx_voice_key_on(voice, note->note, note->velocity, part, SX_NO_PITCH, 0);
  }
}

void sx_note_tick(sx_voice *voice, const sx_part *part, uint64_t number, uint64_t frame, uint32_t frames_to_next)
{
  sx_program_tick(voice->program, part);
  if (number % 2 == 0) {
    sx_voice_write_pitch(voice, part);
    sx_voice_advance_pitch_envelope(voice);
  }
  sx_program_write_pitch(voice->program, part);
  sx_voice_write_frequencies(voice, frame, frames_to_next);
}
