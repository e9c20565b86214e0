/* SPDX-License-Identifier: Apache-2.0 */
#include "clean_operator.h"

static float offset_of(const sx_patch *patch, uint32_t op)
{
  const int is_carrier = (patch->algorithm->carriers >> op) & 1;
  return SX_GAIN_OFFSET + (is_carrier ? (float)patch->compensation / 1024 : 0.0f);
}

/* Amplitude modulation of an operator until the next tick. Returns 0 if there is none. */
static int tremolo_of(const sx_clean_span *span, const sx_program *program, uint32_t op, sx_tremolo *tremolo)
{
  const uint32_t sensitivity = program->patch.op[op].am_sensitivity;
  if (sensitivity == 0 || (program->amplitude_before | program->amplitude) == 0) {
    return 0;
  }
  const double from = program->amplitude_before << sensitivity;
  const double to = program->amplitude << sensitivity;
  *tremolo = (sx_tremolo){ span->tick_frame, from, (to - from) / span->tick_frames };
  return 1;
}

/* Whether a line's gains, counted from an earlier frame, last until the next tick, and a slice begins here. */
SX_INLINE int goes_on(const sx_clean_span *span, const sx_contour *contour)
{
  return !contour->trembles && contour->straight_end >= span->frame + span->tick_frames &&
         (span->frame - contour->anchor) % SX_SLICE == 0;
}

SX_INLINE void anchor_voice(const sx_clean_span *span, sx_voice *voice)
{
  const sx_program *program = voice->program;
  sx_tremolo tremolo;
  for (uint32_t op = 0; op < SX_OPERATORS; ++op) {
    sx_contour *contour = &voice->clean.contour[op];
    sx_contour_advance(contour, &voice->envelope[op], &program->patch.op[op], voice->pitch_register, voice->rate,
                       span->frame);
    const int trembles = tremolo_of(span, program, op, &tremolo);
    if (!contour->is_silent && (trembles || !goes_on(span, contour))) {
      sx_contour_anchor(contour, trembles ? &tremolo : NULL, offset_of(&program->patch, op), span->frame);
    }
  }
  voice->clean.tick_frame = span->tick_frame;
}

SX_CLONED void sx_clean_anchor(const sx_clean_span *span, sx_voice *const *voices, uint32_t count)
{
  for (uint32_t i = 0; i < count; ++i) {
    if (voices[i]->clean.tick_frame != span->tick_frame) {
      anchor_voice(span, voices[i]);
    }
  }
}

int sx_clean_curve(const sx_clean_span *span, sx_voice *voice, uint32_t op, float *row)
{
  const sx_program *program = voice->program;
  sx_tremolo tremolo;
  const int trembles = tremolo_of(span, program, op, &tremolo);
  return sx_contour_run(&voice->clean.contour[op], &voice->envelope[op], &program->patch.op[op], voice->pitch_register,
                        voice->rate, trembles ? &tremolo : NULL, offset_of(&program->patch, op), span->frame,
                        span->frames, row);
}
