/* SHA-1 and HMAC-SHA-1, for standards that name them; nothing of ours rests on collisions being hard. */
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "shared/base/panic.h"
#include "shared/crypto/crypto.h"

void sha1(bytes b, unsigned char out[SHA1_BYTES])
{
    if (EVP_Digest(b.p ? b.p : (const unsigned char *)"", b.n, out, NULL, EVP_sha1(), NULL) != 1)
        panic("sha-1 failed");
}

void hmac_sha1(bytes key, bytes message, unsigned char out[SHA1_BYTES])
{
    unsigned n = SHA1_BYTES;
    if (!HMAC(EVP_sha1(), key.p, (int)key.n, message.p, message.n, out, &n) || n != SHA1_BYTES)
        panic("hmac failed");
}
