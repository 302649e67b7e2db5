/* What is fetched from OpenSSL once per process: an implicit fetch in every call costs more than a short digest. */
#pragma once

#include <openssl/evp.h>
#include <pthread.h>
#include <semaphore.h>

struct crypto_state {
    EVP_MD *sha256;
    EVP_MAC *hmac;
    pthread_key_t hmac_of_thread;
    EVP_CIPHER *aes_256_gcm;
    sem_t password_slots;
};

/* The state, made at the first call. Private to this folder. */
struct crypto_state *crypto_state(void);
/* Throws away the random bytes that this thread has in store (after fork). */
void random_store_forget(void);
