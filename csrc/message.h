/* SPDX-License-Identifier: Apache-2.0
 *
 * MIDI channel messages: from bytes to an event, on the thread that feeds, and
 * from the event to what it does, on the audio thread.
 */
#ifndef SIXOP_MESSAGE_H
#define SIXOP_MESSAGE_H

#include <stdint.h>

#include "attributes.h"
#include "event.h"
#include "sixop.h"

/* Returns 0 if the bytes are not one whole channel message. */
int sx_message_event(sx_event *event, const uint8_t *message, uint32_t length);
void sx_message_apply(sx_engine *engine, const sx_event *event) SX_REALTIME;

#endif
