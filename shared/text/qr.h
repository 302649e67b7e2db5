/* QR codes as pictures for pages. */
#pragma once

#include "shared/base/arena.h"
#include "shared/base/str.h"

/* An SVG document, dark on light in any colour scheme, since cameras want it so. false: the text is too long. */
bool qr_svg(struct arena *a, str text, str *ret);
