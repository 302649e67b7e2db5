/* See token_refusal.h. Which of its own keys an issuer used is nobody's business: one sentence for all of them. */
#include "paysrv/flow/access/token_refusal.h"

const char *signature_refusal(enum jws_verdict v)
{
    switch (v) {
    case JWS_MALFORMED:
        return "is no JWT";
    case JWS_WRONG_TYPE:
        return "is a JWT of another kind, such as an ID token";
    case JWS_GOOD:
    case JWS_UNKNOWN_KEY:
    case JWS_WRONG_ALG:
    case JWS_BAD_SIGNATURE:
        break;
    }
    return "is not signed by the issuer of this service";
}

const char *claims_refusal(enum claims_verdict v)
{
    switch (v) {
    case CLAIMS_WRONG_ISSUER:
        return "is of another issuer";
    case CLAIMS_WRONG_AUDIENCE:
        return "is not meant for this service (aud)";
    case CLAIMS_EXPIRED:
        return "has expired";
    case CLAIMS_NOT_YET:
        return "is not valid yet";
    case CLAIMS_GOOD:
    case CLAIMS_MALFORMED:
        break;
    }
    return "lacks a claim that RFC 9068 requires, or has it in another form";
}
