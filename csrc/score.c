/* SPDX-License-Identifier: Apache-2.0 */
#include "score.h"

#include <stdlib.h>

#include "function.h"
#include "member.h"
#include "message.h"
#include "mixer.h"
#include "sixop.h"

sx_score *sx_score_new(void)
{
  return calloc(1, sizeof(sx_score));
}

void sx_score_free(sx_score *score)
{
  if (score != NULL) {
    free(score->events);
    free(score->patches);
    free(score->tunings);
    free(score);
  }
}

/* Makes room for one more; returns the possibly moved array, or NULL, which leaves the old one valid. */
static void *grown(void *array, uint32_t count, uint32_t *room, size_t size)
{
  if (count < *room) {
    return array;
  }
  const uint32_t wanted = *room ? 2 * *room : 256;
  void *moved = realloc(array, wanted * size);
  if (moved != NULL) {
    *room = wanted;
  }
  return moved;
}

static sx_status append(sx_score *score, sx_event event, int64_t frame)
{
  if (frame < 0 || frame > SX_LAST_FRAME) {
    return SX_RANGE;
  }
  sx_event *events = grown(score->events, score->count, &score->room, sizeof *events);
  if (events == NULL) {
    return SX_MEMORY;
  }
  event.frame = frame;
  event.order = score->count;
  score->events = events;
  score->events[score->count++] = event;
  return SX_OK;
}

sx_status sx_score_midi(sx_score *score, int64_t frame, const uint8_t *message, uint32_t length)
{
  sx_event event;
  return sx_message_event(&event, message, length) ? append(score, event, frame) : SX_RANGE;
}

sx_status sx_score_member_note(sx_score *score, int64_t frame, uint32_t part, uint32_t member, uint32_t note,
                               uint32_t velocity)
{
  sx_event event;
  return sx_member_note_event(&event, part, member, note, velocity) ? append(score, event, frame) : SX_RANGE;
}

sx_status sx_score_member_touch(sx_score *score, int64_t frame, uint32_t part, uint32_t member, uint32_t kind,
                                int32_t value)
{
  sx_event event;
  return sx_member_touch_event(&event, part, member, kind, value) ? append(score, event, frame) : SX_RANGE;
}

sx_status sx_score_part_volume(sx_score *score, int64_t frame, uint32_t part, float volume)
{
  sx_event event;
  return sx_part_volume_event(&event, part, volume) ? append(score, event, frame) : SX_RANGE;
}

sx_status sx_score_pan(sx_score *score, int64_t frame, uint32_t part, float pan)
{
  sx_event event;
  return sx_pan_event(&event, part, pan) ? append(score, event, frame) : SX_RANGE;
}

sx_status sx_score_load(sx_score *score, int64_t frame, uint32_t part, const uint8_t *voice, uint32_t operators)
{
  if (part >= SX_PARTS || operators > SX_ALL_OPERATORS) {
    return SX_RANGE;
  }
  sx_patch *patches = grown(score->patches, score->patch_count, &score->patch_room, sizeof *patches);
  if (patches == NULL) {
    return SX_MEMORY;
  }
  score->patches = patches;
  sx_patch_compile(&score->patches[score->patch_count], voice);
  const sx_event event = { .kind = SX_EVENT_LOAD,
                           .part = (uint8_t)part,
                           .data = { (uint8_t)operators, 0, 0 },
                           .u.index = score->patch_count };
  const sx_status status = append(score, event, frame);
  score->patch_count += status == SX_OK;
  return status;
}

sx_status sx_score_operators(sx_score *score, int64_t frame, uint32_t part, uint32_t operators)
{
  sx_event event;
  return sx_operators_event(&event, part, operators) ? append(score, event, frame) : SX_RANGE;
}

sx_status sx_score_function(sx_score *score, int64_t frame, uint32_t part, uint32_t number, uint32_t value)
{
  sx_event event;
  return sx_function_event(&event, part, number, value) ? append(score, event, frame) : SX_RANGE;
}

sx_status sx_score_tuning(sx_score *score, int64_t frame, uint32_t parts, const double *hertz, uint32_t sounding)
{
  sx_tuning *tunings = grown(score->tunings, score->tuning_count, &score->tuning_room, sizeof *tunings);
  if (tunings == NULL) {
    return SX_MEMORY;
  }
  score->tunings = tunings;
  sx_event event;
  if (!sx_tuning_event(&event, &score->tunings[score->tuning_count], parts, hertz, sounding)) {
    return SX_RANGE;
  }
  event.u.index = score->tuning_count;
  const sx_status status = append(score, event, frame);
  score->tuning_count += status == SX_OK;
  return status;
}
