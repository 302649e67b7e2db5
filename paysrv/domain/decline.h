/* What a buyer is told when a card was declined: enough to go on, nothing that helps a thief (lost, stolen). */
#pragma once

#include "shared/base/str.h"

/* A sentence for the acquirer's code; codes that are unknown or better not told have one in common. */
str decline_sentence(str decline_code);
