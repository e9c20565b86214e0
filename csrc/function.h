/* SPDX-License-Identifier: Apache-2.0
 *
 * The DX7's function parameters as numbers: which there are, and the events that set them. What they do stands in part.c.
 */
#ifndef SIXOP_FUNCTION_H
#define SIXOP_FUNCTION_H

#include <stdint.h>

#include "attributes.h"
#include "event.h"
#include "sixop.h"

int sx_is_function(uint32_t number) SX_REALTIME;

/* Both return 0 if an argument is out of range; a value above a function's highest is not. */
int sx_function_event(sx_event *event, uint32_t part, uint32_t number, uint32_t value);
int sx_operators_event(sx_event *event, uint32_t part, uint32_t operators);

#endif
