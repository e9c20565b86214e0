/* SPDX-License-Identifier: Apache-2.0
 *
 * What producers call: checks arguments, turns them into events and puts them
 * into the producer's ring. A patch is compiled here, off the audio thread, and
 * travels in a letter that the audio thread gives back; so does a tuning.
 */
#include "engine.h"
#include "function.h"
#include "member.h"
#include "message.h"
#include "mixer.h"
#include "stopwatch.h"

static sx_status send(sx_engine *engine, uint32_t producer, int64_t frame, sx_event event)
{
  if (producer >= SX_PRODUCERS || frame < SX_NOW || frame > SX_LAST_FRAME) {
    return SX_RANGE;
  }
  event.frame = frame;
  event.posted = frame == SX_NOW ? sx_now() : 0;
  return sx_ring_push(&engine->ring[producer], &event) ? SX_OK : SX_FULL;
}

sx_status sx_midi(sx_engine *engine, uint32_t producer, int64_t frame, const uint8_t *message, uint32_t length)
{
  sx_event event;
  return sx_message_event(&event, message, length) ? send(engine, producer, frame, event) : SX_RANGE;
}

/* The number of a letter nobody uses, now claimed, or SX_LETTERS. */
static uint32_t claim_letter(sx_engine *engine)
{
  for (uint32_t i = 0; i < SX_LETTERS; ++i) {
    uint32_t expected = 0;
    if (atomic_compare_exchange_strong_explicit(&engine->letter[i].claimed, &expected, 1, memory_order_acquire,
                                                memory_order_relaxed)) {
      return i;
    }
  }
  return SX_LETTERS;
}

static void give_back(sx_engine *engine, uint32_t letter)
{
  atomic_store_explicit(&engine->letter[letter].claimed, 0, memory_order_release);
}

static sx_status send_letter(sx_engine *engine, uint32_t producer, int64_t frame, sx_event event, uint32_t letter)
{
  event.u.index = letter;
  const sx_status status = send(engine, producer, frame, event);
  if (status != SX_OK) {
    give_back(engine, letter);
  }
  return status;
}

sx_status sx_load(sx_engine *engine, uint32_t producer, int64_t frame, uint32_t part, const uint8_t *voice,
                  uint32_t operators)
{
  if (part >= SX_PARTS || operators > SX_ALL_OPERATORS) {
    return SX_RANGE;
  }
  const uint32_t letter = claim_letter(engine);
  if (letter == SX_LETTERS) {
    return SX_FULL;
  }
  sx_patch_compile(&engine->letter[letter].u.patch, voice);
  const sx_event event = { .kind = SX_EVENT_LOAD, .part = (uint8_t)part, .data = { (uint8_t)operators, 0, 0 } };
  return send_letter(engine, producer, frame, event, letter);
}

sx_status sx_set_tuning(sx_engine *engine, uint32_t producer, int64_t frame, uint32_t parts, const double *hertz,
                        uint32_t sounding)
{
  const uint32_t letter = claim_letter(engine);
  if (letter == SX_LETTERS) {
    return SX_FULL;
  }
  sx_event event;
  if (!sx_tuning_event(&event, &engine->letter[letter].u.tuning, parts, hertz, sounding)) {
    give_back(engine, letter);
    return SX_RANGE;
  }
  return send_letter(engine, producer, frame, event, letter);
}

sx_status sx_set_operators(sx_engine *engine, uint32_t producer, int64_t frame, uint32_t part, uint32_t operators)
{
  sx_event event;
  return sx_operators_event(&event, part, operators) ? send(engine, producer, frame, event) : SX_RANGE;
}

sx_status sx_set_function(sx_engine *engine, uint32_t producer, int64_t frame, uint32_t part, uint32_t number,
                          uint32_t value)
{
  sx_event event;
  return sx_function_event(&event, part, number, value) ? send(engine, producer, frame, event) : SX_RANGE;
}

sx_status sx_member_note(sx_engine *engine, uint32_t producer, int64_t frame, uint32_t part, uint32_t member,
                         uint32_t note, uint32_t velocity)
{
  sx_event event;
  return sx_member_note_event(&event, part, member, note, velocity) ? send(engine, producer, frame, event) : SX_RANGE;
}

sx_status sx_member_touch(sx_engine *engine, uint32_t producer, int64_t frame, uint32_t part, uint32_t member,
                          uint32_t kind, int32_t value)
{
  sx_event event;
  return sx_member_touch_event(&event, part, member, kind, value) ? send(engine, producer, frame, event) : SX_RANGE;
}

sx_status sx_set_volume(sx_engine *engine, uint32_t producer, int64_t frame, float volume)
{
  if (!(volume >= 0.0f && volume <= (float)SX_MAX_VOLUME)) {
    return SX_RANGE;
  }
  const sx_event event = { .kind = SX_EVENT_VOLUME, .u.gain = volume };
  return send(engine, producer, frame, event);
}

sx_status sx_set_part_volume(sx_engine *engine, uint32_t producer, int64_t frame, uint32_t part, float volume)
{
  sx_event event;
  return sx_part_volume_event(&event, part, volume) ? send(engine, producer, frame, event) : SX_RANGE;
}

sx_status sx_set_pan(sx_engine *engine, uint32_t producer, int64_t frame, uint32_t part, float pan)
{
  sx_event event;
  return sx_pan_event(&event, part, pan) ? send(engine, producer, frame, event) : SX_RANGE;
}

sx_status sx_set_limiter(sx_engine *engine, uint32_t producer, int64_t frame, uint32_t on)
{
  const sx_event event = { .kind = SX_EVENT_LIMITER, .u.value = on };
  return on <= 1 ? send(engine, producer, frame, event) : SX_RANGE;
}

sx_status sx_panic(sx_engine *engine, uint32_t producer, int64_t frame)
{
  const sx_event event = { .kind = SX_EVENT_PANIC };
  return send(engine, producer, frame, event);
}
