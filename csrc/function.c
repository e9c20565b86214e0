/* SPDX-License-Identifier: Apache-2.0 */
#include "function.h"

#include "part.h"
#include "units.h"

/* Of each function parameter its highest value and its first one. A fresh DX7 answers to the wheel with vibrato and bends
 * by two semitones, once its owner has set it so. */
static const struct {
  uint16_t highest;
  uint16_t first;
} function_value[] = {
  [SX_MONO - SX_MONO] = { 1, 0 },
  [SX_BEND_RANGE - SX_MONO] = { 12, 2 },
  [SX_BEND_STEP - SX_MONO] = { 12, 0 },
  [SX_PORTAMENTO_MODE - SX_MONO] = { 1, 0 },
  [SX_GLISSANDO - SX_MONO] = { 1, 0 },
  [SX_PORTAMENTO_TIME - SX_MONO] = { 99, 0 },
  [SX_WHEEL_RANGE - SX_MONO] = { 99, 50 },
  [SX_WHEEL_ASSIGN - SX_MONO] = { 7, SX_ASSIGN_PITCH },
  [SX_FOOT_RANGE - SX_MONO] = { 99, 0 },
  [SX_FOOT_ASSIGN - SX_MONO] = { 7, 0 },
  [SX_BREATH_RANGE - SX_MONO] = { 99, 0 },
  [SX_BREATH_ASSIGN - SX_MONO] = { 7, 0 },
  [SX_AFTERTOUCH_RANGE - SX_MONO] = { 99, 0 },
  [SX_AFTERTOUCH_ASSIGN - SX_MONO] = { 7, SX_ASSIGN_PITCH },
  [SX_MASTER_TUNE - SX_MONO] = { 511, SX_TUNE_CENTRE },
};

int sx_is_function(uint32_t number)
{
  return number >= SX_MONO && number <= SX_MASTER_TUNE;
}

uint32_t sx_function_highest(uint32_t number)
{
  return sx_is_function(number) ? function_value[number - SX_MONO].highest : 0;
}

uint32_t sx_function_first(uint32_t number)
{
  return sx_is_function(number) ? function_value[number - SX_MONO].first : 0;
}

int sx_function_event(sx_event *event, uint32_t part, uint32_t number, uint32_t value)
{
  const sx_event e = {
    .kind = SX_EVENT_FUNCTION, .part = (uint8_t)part, .data = { (uint8_t)number, 0, 0 }, .u.value = value
  };
  *event = e;
  return part < SX_PARTS && sx_is_function(number);
}

int sx_operators_event(sx_event *event, uint32_t part, uint32_t operators)
{
  const sx_event e = { .kind = SX_EVENT_OPERATORS, .part = (uint8_t)part, .u.value = operators };
  *event = e;
  return part < SX_PARTS && operators <= SX_ALL_OPERATORS;
}
