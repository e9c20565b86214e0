/* SPDX-License-Identifier: Apache-2.0
 *
 * How busy the audio callback is, and how long what is played waits for it.
 */
#ifndef SIXOP_METERS_H
#define SIXOP_METERS_H

#include <stdatomic.h>
#include <stdint.h>

#include "attributes.h"
#include "event.h"
#include "sixop.h"

/* Non-negative floats order like their bits. */
uint32_t sx_float_bits(float value) SX_REALTIME;
/* The audio thread's to raise, anybody's to reset. */
void sx_raise(_Atomic uint32_t *highest, uint32_t bits) SX_REALTIME;
void sx_raise_to(_Atomic uint32_t *highest, float value) SX_REALTIME;

/* Around a callback; what is rendered outside of one is not metered. `time_info` is PortAudio's, or NULL. */
void sx_meters_begin(sx_engine *engine, const void *time_info) SX_REALTIME;
void sx_meters_end(sx_engine *engine, uint32_t frames) SX_REALTIME;
/* A live event whose turn it is. */
void sx_meters_take(sx_engine *engine, const sx_event *event) SX_REALTIME;

#endif
