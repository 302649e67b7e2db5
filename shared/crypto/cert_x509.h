/* What a certificate is inside this folder. */
#pragma once

#include <openssl/x509.h>

#include "shared/base/bytes.h"

struct cert {
    X509 *x509;
    bytes der, public_key;
};
