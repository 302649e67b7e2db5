/* What the consent page says about scopes, claims and details, in the language of the reader. */
#pragma once

#include "authsrv/domain/authorization/authorization_details.h"
#include "web/text.h"

/* The word itself when there is no sentence: a resource's own scope. */
str scope_words(enum language language, str scope);
str claim_words(enum language language, str claim);
/* The types with the sentences of those that Stoa brings; what an operator wrote stays as it is. */
const struct detail_type *details_worded(struct arena *a, enum language language, const struct detail_type *types,
                                         size_t n);
