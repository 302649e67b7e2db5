/* PKCE: syntax of challenge and verifier, and the one transformation. */
#include "authsrv/domain/authorization/pkce.h"

#include "shared/crypto/crypto.h"
#include "shared/text/encode.h"

static bool is_alnum(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool pkce_challenge_valid(str challenge)
{
    if (challenge.n != 43)
        return false;
    for (size_t i = 0; i < challenge.n; i++)
        if (!is_alnum(challenge.p[i]) && challenge.p[i] != '-' && challenge.p[i] != '_')
            return false;
    return true;
}

str pkce_challenge_of(struct arena *a, str verifier)
{
    digest d = sha256_str(verifier);
    return base64url_encode(a, digest_bytes(&d));
}
