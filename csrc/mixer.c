/* SPDX-License-Identifier: Apache-2.0 */
#include "mixer.h"

#include "engine.h"

int sx_part_volume_event(sx_event *event, uint32_t part, float volume)
{
  const sx_event e = { .frame = SX_NOW, .kind = SX_EVENT_PART_VOLUME, .part = (uint8_t)part, .u.gain = volume };
  *event = e;
  return part < SX_PARTS && volume >= 0.0f && volume <= (float)SX_MAX_PART_VOLUME;
}

int sx_pan_event(sx_event *event, uint32_t part, float pan)
{
  const sx_event e = { .frame = SX_NOW, .kind = SX_EVENT_PAN, .part = (uint8_t)part, .u.gain = pan };
  *event = e;
  return part < SX_PARTS && pan >= -1.0f && pan <= 1.0f;
}

static void settle_if_first(const sx_engine *engine, sx_part *part)
{
  if (engine->frame == 0) {
    sx_part_settle(part);
  }
}

void sx_set_level(sx_engine *engine, uint32_t part, float level)
{
  engine->part[part].level = level;
  settle_if_first(engine, &engine->part[part]);
}

void sx_set_place(sx_engine *engine, uint32_t part, float place)
{
  sx_part_set_pan(&engine->part[part], &engine->pan_curve, place);
  settle_if_first(engine, &engine->part[part]);
}
