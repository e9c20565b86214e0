/* SPDX-License-Identifier: Apache-2.0
 *
 * The DX7's software tick, 372.3 Hz: LFOs, pitch envelopes, glides and
 * controllers move only here, in steps, as on the hardware.
 */
#ifndef SIXOP_TICK_H
#define SIXOP_TICK_H

#include <stdint.h>

#include "attributes.h"
#include "engine.h"

void sx_tick(sx_engine *engine) SX_REALTIME;

#endif
