/* SPDX-License-Identifier: Apache-2.0
 *
 * One note of a voice that has an instrument to itself, as in batches and
 * graphs: the voice starts with its program and ticks with it.
 */
#ifndef SIXOP_NOTE_H
#define SIXOP_NOTE_H

#include <stdint.h>

#include "attributes.h"
#include "part.h"
#include "program.h"
#include "rate.h"
#include "voice.h"

typedef struct {
  const uint8_t *voice; /* SX_VOICE_BYTES */
  uint8_t operators;    /* switches, bit 5 for OP1 .. bit 0 for OP6 */
  uint8_t note;
  uint8_t velocity;     /* 0 is a note-off */
} sx_note;

/* From power-up: loads the voice and presses the key, both at frame 0. */
void sx_note_start(sx_program *program, sx_voice *voice, const sx_note *note, const sx_part *part,
                   const sx_rate *rate);
/* The tick of this number, at this frame. */
void sx_note_tick(sx_voice *voice, const sx_part *part, uint64_t number, uint64_t frame,
                  uint32_t frames_to_next) SX_REALTIME;

#endif
