/* SPDX-License-Identifier: Apache-2.0
 *
 * The time, for meters alone: no sample depends on it.
 */
#ifndef SIXOP_STOPWATCH_H
#define SIXOP_STOPWATCH_H

#include <stdint.h>

#include "attributes.h"

/* Nanoseconds of a clock that never goes back. */
uint64_t sx_now(void) SX_REALTIME;

#endif
