/* SPDX-License-Identifier: Apache-2.0
 *
 * Members of a part, as MPE has them: channels whose notes have bend, pressure
 * and controllers of their own. From numbers to events, on the thread that
 * feeds, and what a touch does, on the audio thread; notes are allocate.h's.
 */
#ifndef SIXOP_MEMBER_H
#define SIXOP_MEMBER_H

#include <stdint.h>

#include "attributes.h"
#include "event.h"
#include "sixop.h"

/* Return 0 for anything out of range. */
int sx_member_note_event(sx_event *event, uint32_t part, uint32_t member, uint32_t note, uint32_t velocity);
int sx_member_touch_event(sx_event *event, uint32_t part, uint32_t member, uint32_t kind, int32_t value);

/* What the held notes of a member, and those to come, have of their own. */
void sx_touch_member(sx_engine *engine, uint32_t part, uint32_t member, uint32_t kind, int32_t value) SX_REALTIME;
/* Nothing, for all members. */
void sx_touch_no_member(sx_engine *engine, uint32_t part) SX_REALTIME;

#endif
