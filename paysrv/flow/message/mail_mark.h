/* What a mail of a sandbox says before anything else: who gets it by mistake knows that nothing is owed. */
#pragma once

#include "shared/base/arena.h"
#include "shared/text/html.h"
#include "web/text.h"

/* "[Test] Your code", and a first line. */
struct letter mail_of_test(struct arena *a, enum language lang, struct letter letter);
