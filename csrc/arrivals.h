/* SPDX-License-Identifier: Apache-2.0
 *
 * When the events of one producer took effect, for a reading thread: a ring
 * with an entry for each block that took any. One that finds no room is left
 * out: the next one then speaks for both.
 */
#ifndef SIXOP_ARRIVALS_H
#define SIXOP_ARRIVALS_H

#include <stdatomic.h>
#include <stdint.h>

#include "attributes.h"
#include "sixop.h"

#define SX_ARRIVALS 4096 /* a power of two */

typedef struct {
  _Atomic uint32_t producer;  /* whose; SX_PRODUCERS: nobody's */
  sx_arrival entry[SX_ARRIVALS];
  _Alignas(SX_CACHE_LINE) _Atomic uint32_t written;
  _Alignas(SX_CACHE_LINE) _Atomic uint32_t read;
} sx_arrivals;

void sx_arrivals_write(sx_arrivals *arrivals, uint64_t frame, uint32_t events) SX_REALTIME;

#endif
