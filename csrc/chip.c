/* SPDX-License-Identifier: Apache-2.0 */
#include "chip.h"

#include <stddef.h>

#include "rom.h"
#include "voice.h"

static void run_envelopes(sx_voice *voice, uint64_t frame, sx_block *block, uint32_t frames)
{
  const sx_program *program = voice->program;
  const sx_patch *patch = &program->patch;
  for (uint32_t op = 0; op < SX_OPERATORS; ++op) {
    const sx_operator_patch *p = &patch->op[op];
    const uint32_t modulation = p->am_sensitivity ? program->amplitude << p->am_sensitivity : 0;
    const uint32_t offset = (patch->algorithm->carriers >> op) & 1 ? patch->compensation : 0;
    const uint32_t loudest = sx_envelope_run(&voice->envelope[op], p, voice->pitch_register, SX_SETTLE_FRAMES + frame,
                                             modulation, offset, block->lane[op].attenuation, frames);
    block->silent[op] = loudest >= SX_SILENT;
  }
}

static const int32_t *faded(sx_voice *voice, sx_block *block, const int32_t *samples, uint32_t frames)
{
  for (uint32_t i = 0; samples != NULL && i < frames; ++i) {
    block->sum[i] = samples[i] * (int32_t)sx_voice_fade(voice, i) / SX_FADE;
  }
  sx_voice_fade_by(voice, frames);
  return samples != NULL ? block->sum : NULL;
}

void sx_chip_begin(sx_chip_work *work, sx_voice *const *voices, uint32_t count, uint64_t frame, uint32_t frames)
{
  for (uint32_t i = 0; i < count; ++i) {
    work->voice[i] = voices[i];
    sx_voice_run_phases(voices[i], frame);
  }
  work->frame = frame;
  work->frames = frames;
}

const int32_t *sx_chip_finish(sx_chip_work *work, uint32_t index)
{
  sx_voice *voice = work->voice[index];
  const sx_patch *patch = &voice->program->patch;
  run_envelopes(voice, work->frame, &work->block, work->frames);
  const int32_t *samples = sx_operators_run(&voice->phases, &voice->chip, work->outputs, patch->algorithm,
                                            patch->feedback_shift, &work->block, work->frames);
  sx_voice_run_phases(voice, work->frame + work->frames);
  sx_voice_settle(voice);
  return voice->fade > 0 ? faded(voice, &work->block, samples, work->frames) : samples;
}
