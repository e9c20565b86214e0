/* SPDX-License-Identifier: Apache-2.0
 *
 * A part's strip of the mixing desk: its level, and its place between left and
 * right, from arguments to events and from events to what they do.
 */
#ifndef SIXOP_MIXER_H
#define SIXOP_MIXER_H

#include <stdint.h>

#include "attributes.h"
#include "event.h"
#include "sixop.h"

/* Both return 0 if an argument is out of range. */
int sx_part_volume_event(sx_event *event, uint32_t part, float volume);
int sx_pan_event(sx_event *event, uint32_t part, float pan);

/* Reached smoothly, but at once before the first frame, as nothing has sounded then. */
void sx_set_level(sx_engine *engine, uint32_t part, float level) SX_REALTIME;
/* At a place of the pan curve. */
void sx_set_place(sx_engine *engine, uint32_t part, float place) SX_REALTIME;

#endif
