/* SPDX-License-Identifier: Apache-2.0
 *
 * Events known in advance, with the patches and tunings they bring. Filled by a control
 * thread, sorted when it is handed to the engine, read-only from then on.
 */
#ifndef SIXOP_SCORE_H
#define SIXOP_SCORE_H

#include <stdint.h>

#include "event.h"
#include "patch.h"
#include "tuning.h"

struct sx_score {
  sx_event *events;
  uint32_t count;
  uint32_t room;
  sx_patch *patches;
  uint32_t patch_count;
  uint32_t patch_room;
  sx_tuning *tunings;
  uint32_t tuning_count;
  uint32_t tuning_room;
  uint32_t next;        /* the engine's place in it */
};

#endif
