/* SPDX-License-Identifier: Apache-2.0 */
#include "member.h"

#include "engine.h"

static int is_member(uint32_t part, uint32_t member)
{
  return part < SX_PARTS && member >= 1 && member <= SX_MEMBERS;
}

int sx_member_note_event(sx_event *event, uint32_t part, uint32_t member, uint32_t note, uint32_t velocity)
{
  if (!is_member(part, member) || note > 127 || velocity > 127) {
    return 0;
  }
  const sx_event e = { .kind = SX_EVENT_NOTE,
                       .part = (uint8_t)part,
                       .data = { (uint8_t)member, (uint8_t)note, (uint8_t)velocity } };
  *event = e;
  return 1;
}

int sx_member_touch_event(sx_event *event, uint32_t part, uint32_t member, uint32_t kind, int32_t value)
{
  const int32_t lowest = kind == SX_TOUCH_BEND ? -SX_WIDEST_TOUCH : 0;
  const int32_t highest = kind == SX_TOUCH_BEND ? SX_WIDEST_TOUCH : 127;
  if (!is_member(part, member) || kind > SX_TOUCH_BEND || value < lowest || value > highest) {
    return 0;
  }
  const sx_event e = { .kind = SX_EVENT_TOUCH,
                       .part = (uint8_t)part,
                       .data = { (uint8_t)member, (uint8_t)kind, 0 },
                       .u.touch = value };
  *event = e;
  return 1;
}

static void hand_on(sx_engine *engine, uint32_t part, uint32_t member)
{
  for (uint32_t i = 0; i < engine->programs; ++i) {
    sx_program *program = &engine->program[i];
    if (program->references > 0 && program->part == part && program->member == member) {
      program->touch = engine->part[part].touch[member];
    }
  }
}

void sx_touch_member(sx_engine *engine, uint32_t part, uint32_t member, uint32_t kind, int32_t value)
{
  sx_touch *touch = &engine->part[part].touch[member];
  if (kind == SX_TOUCH_BEND) {
    touch->bend = value;
  } else {
    touch->source[kind] = (uint8_t)value;
  }
  hand_on(engine, part, member);
}

void sx_touch_no_member(sx_engine *engine, uint32_t part)
{
  for (uint32_t member = 1; member <= SX_MEMBERS; ++member) {
    engine->part[part].touch[member] = (sx_touch){ 0, { 0 } };
    hand_on(engine, part, member);
  }
}
