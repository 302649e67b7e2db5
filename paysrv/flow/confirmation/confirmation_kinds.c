/* What becomes of each operation. See confirmation.h. */
#include "paysrv/flow/confirmation/confirmation.h"
#include "paysrv/flow/party/requisite.h"
#include "paysrv/flow/party/user.h"
#include "paysrv/flow/party/verification.h"
#include "paysrv/flow/stores/store_connection.h"
#include "paysrv/flow/stores/store_open.h"

static const struct confirmation_kind kinds[CONFIRMATION_OPERATION_COUNT] = {
    [CONFIRM_USER] = { TEXT_MAIL_CONFIRMATION_USER, user_lines, user_confirmed, user_dropped },
    [CONFIRM_REQUISITE] = { TEXT_MAIL_CONFIRMATION_REQUISITE, requisite_lines, requisite_confirmed, requisite_dropped },
    [CONFIRM_STORE] = { TEXT_MAIL_CONFIRMATION_STORE, store_lines, store_confirmed, store_dropped },
    [CONFIRM_STORE_CONNECTION] = { TEXT_MAIL_CONFIRMATION_CONNECTION, connection_lines, connection_confirmed,
                                   connection_dropped },
    [CONFIRM_REQUISITE_NAME] = { TEXT_MAIL_CONFIRMATION_NAME, payee_lines, payee_confirmed, payee_dropped },
    [CONFIRM_USER_EMAIL] = { TEXT_MAIL_CONFIRMATION_EMAIL, email_lines, email_confirmed, email_dropped },
};

const struct confirmation_kind *confirmation_kind_of(enum confirmation_operation operation)
{
    return &kinds[operation];
}
