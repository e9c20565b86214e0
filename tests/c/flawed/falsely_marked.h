/* SPDX-License-Identifier: Apache-2.0 */
#include "attributes.h"

/* The mark is a lie that only the symbols show: the compiler never sees the body with its mark. */
int sx_slow_number(void) SX_REALTIME;
