/* SPDX-License-Identifier: Apache-2.0
 *
 * Events waiting for their frame, on the audio thread: a binary heap, earliest
 * first, arrival deciding between equals.
 */
#ifndef SIXOP_QUEUE_H
#define SIXOP_QUEUE_H

#include <stdint.h>

#include "attributes.h"
#include "event.h"

#define SX_QUEUE_EVENTS 16384
#define SX_QUEUE_RESERVE 4096 /* of them for events that are due now */

typedef struct {
  sx_event *events;
  uint32_t count;
} sx_queue;

/* There must be room. */
void sx_queue_push(sx_queue *queue, const sx_event *event) SX_REALTIME;
/* There must be an event. */
sx_event sx_queue_pop(sx_queue *queue) SX_REALTIME;

#endif
