/* Small words about people and companies: countries and languages, as they are typed in. */
#pragma once

#include "shared/base/str.h"

/* Two capital letters (ISO 3166). */
bool country_is_code(str s);
/* The shape of a language tag (BCP 47): "en", "pt-BR", "zh-Hant-TW". */
bool locale_is_tag(str s);
#define LOCALE_ALLOWED STR("a language tag such as en or pt-BR (BCP 47)")
