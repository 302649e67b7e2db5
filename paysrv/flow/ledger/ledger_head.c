/* See ledger_head.h. */
#include "paysrv/flow/ledger/ledger_head.h"

#include "paysrv/store/ledger_head.sql.h"
#include "shared/ops/log.h"
#include "shared/text/encode.h"

err ledger_publish(struct task *t)
{
    const struct ledger_head_publish_row *head;
    TRY(ledger_head_publish(t, &head));
    if (head)
        log_info(t, "ledger.published", L_STR("day", head->day), L_I64("seal", head->seal_id),
                 L_STR("hash", hex_encode(t->arena, head->hash)));
    return OK;
}
