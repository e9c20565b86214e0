/* SPDX-License-Identifier: Apache-2.0
 *
 * A program is a patch at work: its registers, its LFO and the two words that
 * the LFO and the controllers write once a tick. A part plays one program; its
 * sounding voices may still belong to earlier ones, so programs are counted and
 * live until nobody refers to them.
 */
#ifndef SIXOP_PROGRAM_H
#define SIXOP_PROGRAM_H

#include <stdint.h>

#include "attributes.h"
#include "lfo.h"
#include "part.h"
#include "patch.h"

/* A note of a member plays a program of its own, a copy, so that bend, pressure and LFO are its own. */
typedef struct {
  sx_patch patch;
  sx_lfo lfo;
  int32_t pitch_word;      /* pitch modulation and bend, 16384 an octave */
  uint32_t amplitude;      /* attenuation byte of amplitude modulation, 0..255 */
  uint32_t amplitude_before; /* a tick ago */
  uint32_t references;     /* parts and voices that use it */
  uint64_t load;           /* serial number of the loading its patch came with: copies have the same */
  sx_touch touch;          /* of the member, or what its last note ended with */
  uint8_t part;
  uint8_t member;          /* whose touch it follows, or SX_NO_MEMBER */
  uint8_t operators;       /* switches, bit 5 for OP1 .. bit 0 for OP6 */
} sx_program;

/* A tick's first half: delay, LFO, amplitude modulation. */
void sx_program_tick(sx_program *program, const sx_part *part) SX_REALTIME;
/* Its last step: the pitch modulation word. */
void sx_program_write_pitch(sx_program *program, const sx_part *part) SX_REALTIME;

#endif
