/* SPDX-License-Identifier: Apache-2.0
 *
 * Which voice plays a note, and which one stops. Without stealing this is the
 * DX7's own round-robin, which drops a note when all keys are down; with it,
 * resting voices come first, then the quietest released one gives way, then the
 * oldest held one, and what is cut short fades out in a spare voice.
 */
#ifndef SIXOP_ALLOCATE_H
#define SIXOP_ALLOCATE_H

#include <stdint.h>

#include "attributes.h"
#include "engine.h"

void sx_note_on(sx_engine *engine, uint32_t part, sx_member_key key, uint8_t velocity) SX_REALTIME;
/* Releases one voice: the lowest-numbered that holds this key of this part. */
void sx_note_off(sx_engine *engine, uint32_t part, sx_member_key key) SX_REALTIME;
/* Pressure of a key that is down. */
void sx_press_key(sx_engine *engine, uint32_t part, uint8_t note, uint8_t pressure) SX_REALTIME;
void sx_sustain(sx_engine *engine, uint32_t part, uint32_t down) SX_REALTIME;
/* Holds the keys that are down when it is pressed, and no others. */
void sx_sostenuto(sx_engine *engine, uint32_t part, uint32_t down) SX_REALTIME;
/* Mono while the pedal is down. The key pressed last goes on through the change. */
void sx_legato(sx_engine *engine, uint32_t part, uint32_t down) SX_REALTIME;
void sx_all_notes_off(sx_engine *engine, uint32_t part) SX_REALTIME;
/* 1: mono. A change lets all keys go, since the two modes remember them in different ways. */
void sx_set_mono(sx_engine *engine, uint32_t part, uint32_t mono) SX_REALTIME;
void sx_all_sound_off(sx_engine *engine, uint32_t part) SX_REALTIME;

/* New notes of the part play its keys so, and those that sound as well if they should. */
void sx_retune(sx_engine *engine, uint32_t part, const sx_tuning *change, uint32_t sounding) SX_REALTIME;

/* The part's new notes play this patch with these operators on; sounding notes keep theirs. */
void sx_use_patch(sx_engine *engine, uint32_t part, const sx_patch *patch, uint8_t operators) SX_REALTIME;
/* Drop one reference to a program. */
void sx_program_release(sx_program *program) SX_REALTIME;

#endif
