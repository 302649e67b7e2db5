/* Reading client metadata of RFC 7591 into a draft. Unknown members are ignored; known ones must have their type. */
#pragma once

#include "authsrv/domain/client.h"
#include "shared/text/json_in.h"

/* false: *member has another type than RFC 7591 gives it. */
bool draft_read(struct arena *a, const struct json_value *metadata, struct client_draft *ret, str *member);
/* What we do not offer must not be taken for registered: the member's name, absent when there is none. */
str draft_unsupported(const struct json_value *metadata);
