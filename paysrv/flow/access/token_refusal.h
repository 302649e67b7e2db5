/* What is wrong with an access token, as the end of "The access token ...": for the developer who sent it. */
#pragma once

#include "shared/jose/jose.h"

const char *signature_refusal(enum jws_verdict v);
const char *claims_refusal(enum claims_verdict v);
