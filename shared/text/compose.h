/* Letters and the marks that follow them as one character (Unicode NFC), for Latin, Greek and Cyrillic. */
#pragma once

#include <stdint.h>

/* 0: the two are no character together. */
uint32_t compose(uint32_t letter, uint32_t mark);
