/* SPDX-License-Identifier: Apache-2.0
 *
 * What can happen to an engine, as plain data of one size.
 */
#ifndef SIXOP_EVENT_H
#define SIXOP_EVENT_H

#include <stdint.h>

typedef enum {
  SX_EVENT_MIDI,       /* data: status and two data bytes */
  SX_EVENT_NOTE,       /* data: member, note, velocity */
  SX_EVENT_TOUCH,      /* data[0]: member; data[1]: sx_touch_kind; touch */
  SX_EVENT_LOAD,       /* index: the letter or score patch that holds the new patch; data[0]: switches */
  SX_EVENT_OPERATORS,  /* value: switches */
  SX_EVENT_FUNCTION,   /* data[0]: sx_function number; value */
  SX_EVENT_VOLUME,     /* gain */
  SX_EVENT_PART_VOLUME, /* gain */
  SX_EVENT_PAN,        /* gain: -1 is left, 1 right */
  SX_EVENT_LIMITER,    /* value: 1 on, 0 off */
  SX_EVENT_TUNING,     /* index: the letter or score tuning with the keys; data: parts (two bytes), sounding notes too */
  SX_EVENT_PANIC
} sx_event_kind;

typedef struct {
  int64_t frame;       /* SX_NOW until it is in the queue, or a frame of what is rendered, device or native */
  uint64_t posted;     /* sx_now(), of an event for SX_NOW */
  uint64_t order;      /* arrival: decides between events of one frame */
  union {
    uint32_t index;
    uint32_t value;
    int32_t touch;
    float gain;
  } u;
  uint8_t kind;
  uint8_t part;
  uint8_t data[3];
} sx_event;

#endif
