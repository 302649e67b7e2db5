/* /v1/users/{user}/requisites: the bank accounts, cards and wallets that a user is paid out to. Versioned, never
 * edited, shown masked. */
#include "paysrv/domain/party/iban.h"
#include "paysrv/domain/party/requisite.h"
#include "paysrv/domain/payment/luhn.h"
#include "paysrv/faults.h"
#include "paysrv/flow/cursor.h"
#include "paysrv/flow/party/party.h"
#include "paysrv/flow/party/party_object.h"
#include "paysrv/flow/party/requisite.h"
#include "paysrv/flow/party/verification.h"
#include "paysrv/flow/payout/payout_order.h"
#include "paysrv/guards.h"
#include "paysrv/order_request.h"
#include "paysrv/requests.h"
#include "paysrv/routes.h"
#include "paysrv/store/requisite.sql.h"

struct address_in {
    str country, town, street, building, postcode;
};

static const struct param address_params[] = {
    P_STR(struct address_in, country, .need = REQUIRED, .set = TOKEN, .min = 2, .max = 2),
    P_STR(struct address_in, town, .need = REQUIRED, .set = LINE, .min = 1, .max = 35, .in_characters = true),
    P_STR(struct address_in, street, .need = OPTIONAL, .set = LINE, .min = 1, .max = 70, .in_characters = true),
    P_STR(struct address_in, building, .need = OPTIONAL, .set = LINE, .min = 1, .max = 16, .in_characters = true),
    P_STR(struct address_in, postcode, .need = OPTIONAL, .set = LINE, .min = 1, .max = 16, .in_characters = true),
};

struct requisite_in {
    str type, iban, bic, bik, account, correspondent, inn, kpp, holder_name, token, wallet;
    const struct address_in *address;
};

static const struct param requisite_params[] = {
    P_STR(struct requisite_in, type, .need = REQUIRED, .set = ID, .min = 1, .max = 40,
          .words = "bank_account card wallet"),
    P_STR(struct requisite_in, iban, .need = OPTIONAL, .set = LINE, .min = 5, .max = 60),
    P_STR(struct requisite_in, bic, .need = OPTIONAL, .set = TOKEN, .min = 8, .max = 11),
    P_STR(struct requisite_in, bik, .need = OPTIONAL, .set = TOKEN, .min = 1, .max = 20),
    P_STR(struct requisite_in, account, .need = OPTIONAL, .set = TOKEN, .min = 1, .max = 40),
    P_STR(struct requisite_in, correspondent, .need = OPTIONAL, .set = TOKEN, .min = 1, .max = 40),
    P_STR(struct requisite_in, inn, .need = OPTIONAL, .set = TOKEN, .min = 1, .max = 20),
    P_STR(struct requisite_in, kpp, .need = OPTIONAL, .set = TOKEN, .min = 1, .max = 20),
    P_STR(struct requisite_in, holder_name, .need = OPTIONAL, .set = LINE, .min = 1, .max = 70, .in_characters = true),
    P_OBJECT(struct requisite_in, address, struct address_in, address_params, .need = OPTIONAL),
    P_STR(struct requisite_in, token, .need = OPTIONAL, .set = TOKEN, .min = 1, .max = 100),
    P_STR(struct requisite_in, wallet, .need = OPTIONAL, .set = LINE, .min = 1, .max = 100),
};

/* What belongs to another type, or to another kind of account, is refused, so that nobody believes that it counted. */
static err fields_judge(struct task *t, const struct requisite_in *in, enum rail rail)
{
    const bool is_ru = account_scheme_of(in->bik) == SCHEME_RU;
    const struct {
        const char *name;
        bool given;
        enum rail rail;
        bool is_taken, is_needed;
    } fields[] = {
        { "bik", str_given(in->bik), RAIL_BANK, true, false },
        { "iban", str_given(in->iban), RAIL_BANK, !is_ru, !is_ru },
        { "bic", str_given(in->bic), RAIL_BANK, !is_ru, false },
        { "account", str_given(in->account), RAIL_BANK, is_ru, is_ru },
        { "correspondent", str_given(in->correspondent), RAIL_BANK, is_ru, false },
        { "inn", str_given(in->inn), RAIL_BANK, is_ru, is_ru },
        { "kpp", str_given(in->kpp), RAIL_BANK, is_ru, false },
        { "holder_name", str_given(in->holder_name), RAIL_BANK, true, true },
        { "address", in->address != NULL, RAIL_BANK, true, !is_ru },
        { "token", str_given(in->token), RAIL_CARD, true, true },
        { "wallet", str_given(in->wallet), RAIL_WALLET, true, true },
    };
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        if (fields[i].rail == rail && fields[i].is_needed && !fields[i].given)
            return FAIL_PARAM(t, INVALID_REQUEST, str_of(fields[i].name), STR("is missing"));
        if (fields[i].rail != rail && fields[i].given)
            return FAIL_PARAM(t, INVALID_PARAMETER, str_of(fields[i].name),
                              arena_printf(t->arena, "does not belong to a %.*s", STR_ARG(rail_kind(rail))));
        if (fields[i].given && !fields[i].is_taken)
            return FAIL_PARAM(t, INVALID_PARAMETER, str_of(fields[i].name),
                              is_ru ? STR("does not belong to an account with a bik")
                                    : STR("belongs to an account with a bik, which is not given"));
    }
    return OK;
}

static err account_judge(struct task *t, const struct requisite_in *in, struct requisite_find_row *ret)
{
    static const struct address_in nowhere = { .country = { NULL, 0 } };
    const struct address_in *at = in->address ? in->address : &nowhere;
    struct bank_account account = { .iban = in->iban,
                                    .bic = in->bic,
                                    .ru = { in->bik, in->account, in->correspondent, in->inn, in->kpp },
                                    .holder_name = in->holder_name,
                                    .country = at->country,
                                    .town = at->town,
                                    .street = at->street,
                                    .building = at->building,
                                    .postcode = at->postcode };
    struct requisite_verdict verdict = requisite_judge(t->arena, &account);
    if (!verdict.good)
        return FAIL_PARAM(t, INVALID_PARAMETER, verdict.param, verdict.explain);
    const enum account_scheme scheme = account_scheme_of(account.ru.bik);
    TRY(order_scheme(t, scheme));
    *ret = (struct requisite_find_row){
        .kind = rail_kind(RAIL_BANK),
        .rail = rail_name(RAIL_BANK),
        .iban = account.iban,
        .bic = account.bic,
        .bik = account.ru.bik,
        .account = account.ru.account,
        .correspondent = account.ru.correspondent,
        .inn = account.ru.inn,
        .kpp = account.ru.kpp,
        .fingerprint = requisite_fingerprint(t->arena, &account.ru),
        .holder_name = account.holder_name,
        .country = account.country,
        .town = account.town,
        .street = account.street,
        .building = account.building,
        .postcode = account.postcode,
        .masked = scheme == SCHEME_RU ? requisite_masked_ru(t->arena, account.ru.account)
                                      : iban_masked(t->arena, account.iban),
        .destination = requisite_destination(t->arena, &account),
    };
    return OK;
}

static err input_judge(struct task *t, const struct requisite_in *in, struct payee_question *q,
                       struct requisite_find_row *ret)
{
    enum rail rail = RAIL_COUNT;
    rail_of_kind(in->type, &rail);
    if (rail != RAIL_COUNT)
        TRY(fields_judge(t, in, rail));
    switch (rail) {
    case RAIL_BANK:
        return account_judge(t, in, ret);
    case RAIL_CARD:
        if (is_card_number(in->token))
            return FAIL_PARAM(t, INVALID_PARAMETER, STR("token"), STR(CARD_NUMBER_REFUSED));
        break;
    case RAIL_WALLET:
        if (!requisite_wallet_is_formed(in->wallet))
            return FAIL_PARAM(t, INVALID_PARAMETER, STR("wallet"), STR("4 to 64 letters, digits and @ . _ + -"));
        break;
    case RAIL_COUNT:
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("type"), STR("bank_account, card or wallet"));
    }
    q->rail = rail;
    q->name = rail == RAIL_CARD ? in->token : in->wallet;
    return requisite_of_payee(t, q, ret);
}

static err requisite_create(struct task *t, const struct request *rq, struct response *rs)
{
    const struct caller *c = caller_of(rq);
    const struct user_find_row *user;
    struct requisite_find_row fresh;
    struct once once;
    struct answer answer;
    bool found;
    TRY(party_user(t, c, request_path_param(rq, "user"), &user));
    TRY(once_of(t, rq, false, &once));
    TRY(once_stored(t, c->partner, &once, &found, &answer)); /* nobody is asked about a card again for a repetition */
    if (!found) {
        struct payee_question question = { .partner = c->partner, .user = user->user_id };
        TRY(input_judge(t, rq->in, &question, &fresh));
        TRY(requisites_add(t, c, user, &fresh, &once, &answer));
    }
    answer_send(rs, &answer);
    return OK;
}

const struct route requisite_create_route = {
    .method = POST,
    .path = "/v1/users/{user}/requisites",
    .guard = &GUARD_USERS,
    .body = BODY_JSON,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    INPUT(struct requisite_in, requisite_params),
    .needs_key = true,
    .handle = requisite_create,
    .answer = "Requisite",
    .done = "201 202",
    .summary = "Add a bank account, card or wallet of a user",
};

/* ---- POST /v1/users/{user}/requisites/{requisite}/disable ---- */

/* What is asked of one requisite, under a key. */
static err requisite_order(struct task *t, const struct request *rq, struct response *rs,
                           err (*run)(struct task *t, const struct caller *c, const struct user_find_row *user,
                                      str requisite, const struct once *once, struct answer *ret))
{
    const struct user_find_row *user;
    struct once once;
    struct answer answer;
    TRY(user_order_begin(t, rq, &user, &once));
    TRY(run(t, caller_of(rq), user, request_path_param(rq, "requisite"), &once, &answer));
    answer_send(rs, &answer);
    return OK;
}

static err requisite_end(struct task *t, const struct request *rq, struct response *rs)
{
    return requisite_order(t, rq, rs, requisites_disable);
}

const struct route requisite_disable_route = {
    .method = POST,
    .path = "/v1/users/{user}/requisites/{requisite}/disable",
    .guard = &GUARD_USERS,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    .handle = requisite_end,
    .answer = "Requisite",
    .summary = "End a requisite; payouts that are not sent yet fail, with their money available again",
};

/* ---- POST /v1/users/{user}/requisites/{requisite}/accept ---- */

static err requisite_take(struct task *t, const struct request *rq, struct response *rs)
{
    return requisite_order(t, rq, rs, payee_accept);
}

const struct route requisite_accept_route = {
    .method = POST,
    .path = "/v1/users/{user}/requisites/{requisite}/accept",
    .guard = &GUARD_USERS,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    .needs_key = true,
    .handle = requisite_take,
    .answer = "Requisite",
    .done = "200 202",
    .summary = "Have an account paid to though its bank knows the holder by another name",
};

/* ---- GET ---- */

struct requisites_in {
    PAGE_FIELDS
};

static const struct param requisites_params[] = { PAGE_PARAMS(struct requisites_in) };

static err requisite_page(struct task *t, const struct request *rq, struct response *rs)
{
    const struct requisites_in *in = rq->in;
    const struct caller *c = caller_of(rq);
    const struct user_find_row *user;
    TRY(party_user(t, c, request_path_param(rq, "user"), &user));
    str before;
    TRY(cursor_read(t, "requisites", c->partner, in->cursor, &before));
    size_t limit = page_limit(in->limit), n;
    const struct requisite_find_row *rows;
    TRY(requisite_list(t, c->partner, user->user_id, before, (int64_t)limit + 1, &rows, &n));
    size_t shown = n < limit ? n : limit;
    struct json *j = page_begin(rs);
    for (size_t i = 0; i < shown; i++) {
        json_object(j, NULL);
        requisite_write(j, t, &rows[i]);
        json_close(j);
    }
    page_end(t, j, "requisites", c->partner, n > limit, shown ? rows[shown - 1].requisite_id.v : STR_NONE);
    return OK;
}

const struct route requisite_page_route = {
    .method = GET,
    .path = "/v1/users/{user}/requisites",
    .guard = &GUARD_USERS,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    INPUT(struct requisites_in, requisites_params),
    .handle = requisite_page,
    .answer = "Page<Requisite>",
    .summary = "List a user's bank accounts, cards and wallets, newest first",
};
