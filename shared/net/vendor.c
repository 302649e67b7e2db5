/* See vendor.h. */
#include "shared/net/vendor.h"

#include <curl/curl.h>
#include <pthread.h>

#include "shared/base/panic.h"

static pthread_once_t once = PTHREAD_ONCE_INIT;

static void init(void)
{
    if (curl_global_init(CURL_GLOBAL_ALL) != CURLE_OK)
        panic("libcurl cannot be initialized");
}

void vendor_init(void)
{
    pthread_once(&once, init);
}
