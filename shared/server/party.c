/* See party.h. */
#include "shared/server/party.h"

#include <string.h>

#include "shared/crypto/crypto.h"
#include "shared/text/network.h"

queue_party party_of_digest(const digest *d)
{
    queue_party whose;
    memcpy(&whose, d->b, sizeof whose);
    return whose != PARTY_NONE ? whose : 1;
}

queue_party party_of_name(str name)
{
    digest d = sha256_str(name);
    return party_of_digest(&d);
}

queue_party party_of_peer(struct task *t, struct request *rq)
{
    return party_of_name(network_of(t->arena, rq->peer));
}
