/* See state.h. */
#include "shared/crypto/state.h"

#include <fido.h>
#include <pthread.h>
#include <unistd.h>

#include "shared/base/panic.h"
#include "shared/crypto/crypto.h"

static struct crypto_state state;

static void hmac_release(void *context)
{
    EVP_MAC_CTX_free(context);
}

static void state_make(void)
{
    state.sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
    state.hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
    state.aes_256_gcm = EVP_CIPHER_fetch(NULL, "AES-256-GCM", NULL);
    if (!state.sha256 || !state.hmac || !state.aes_256_gcm)
        panic("the crypto library lacks an algorithm");
    if (pthread_key_create(&state.hmac_of_thread, hmac_release) != 0)
        panic("a place of each thread cannot be made");
    fido_init(0);
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    if (sem_init(&state.password_slots, 0, cores > 0 ? (unsigned)cores : 1) != 0)
        panic("semaphore cannot be made");
    if (pthread_atfork(NULL, NULL, random_store_forget) != 0)
        panic("fork handler cannot be set");
}

struct crypto_state *crypto_state(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, state_make);
    return &state;
}

void crypto_init(void)
{
    crypto_state();
}
