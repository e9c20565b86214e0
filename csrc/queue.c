/* SPDX-License-Identifier: Apache-2.0 */
#include "queue.h"

static int before(const sx_event *a, const sx_event *b)
{
  return a->frame != b->frame ? a->frame < b->frame : a->order < b->order;
}

void sx_queue_push(sx_queue *queue, const sx_event *event)
{
  uint32_t at = queue->count++;
  while (at > 0) {
    const uint32_t parent = (at - 1) / 2;
    if (!before(event, &queue->events[parent])) {
      break;
    }
    queue->events[at] = queue->events[parent];
    at = parent;
  }
  queue->events[at] = *event;
}

sx_event sx_queue_pop(sx_queue *queue)
{
  const sx_event first = queue->events[0];
  const sx_event last = queue->events[--queue->count];
  uint32_t at = 0;
  for (;;) {
    uint32_t child = 2 * at + 1;
    if (child >= queue->count) {
      break;
    }
    if (child + 1 < queue->count && before(&queue->events[child + 1], &queue->events[child])) {
      child += 1;
    }
    if (!before(&queue->events[child], &last)) {
      break;
    }
    queue->events[at] = queue->events[child];
    at = child;
  }
  queue->events[at] = last;
  return first;
}
