/* The bank: the sandbox's own (paysrv/sandbox/iso_bank.h) behind a wire. See network.h. */
#include <stdlib.h>
#include <string.h>

#include "paysrv/sandbox/iso_bank.h"
#include "tests/sim/network.h"

#define BANK_MEMORY ((size_t)4 << 30) /* its files are kept: of some 2,500 worlds */

/* One bank for all worlds of a database, since paysrv keeps in the database which files it has read. */
static struct iso_bank bank;
static bool is_used;
static const struct iso_order *before; /* the last order of the worlds before */
static int64_t last_served;            /* file */

static struct arena *memory; /* as long as the database */

const char *fate_name(enum fate fate)
{
#define FATE_ROW(name) #name,
    static const char *const names[] = { FATES(FATE_ROW) };
#undef FATE_ROW
    return names[fate];
}

void bank_begin(void)
{
    if (!memory) {
        memory = arena_create(1 << 20, BANK_MEMORY);
        iso_bank_init(&bank, memory);
    }
    is_used = false;
    before = bank.last_order;
}

void bank_renew(void)
{
    if (memory)
        arena_destroy(memory);
    memory = NULL;
    last_served = 0;
}

static const struct iso_order *first_order(void)
{
    return before ? before->next : bank.first_order;
}

void bank_use(void)
{
    is_used = true;
}

bool bank_is_used(void)
{
    return is_used;
}

static void answered(struct fetch_answer *ret, int status, str body)
{
    *ret = (struct fetch_answer){ .outcome = FETCH_ANSWERED, .status = status, .body = body };
}

/* ---- the wire ---- */

static int order_enter(str xml)
{
    struct iso_order order;
    str why;
    if (!iso_order_read(bank.arena, arena_str(bank.arena, xml), &order, &why)) {
        complain("an order that the bank cannot read");
        return 400;
    }
    const struct iso_order *known = table_get(&bank.orders, order.msg_id);
    if (known && memcmp(&known->hash, &order.hash, sizeof order.hash) != 0) {
        complain("other bytes under the name of an order that the bank has");
        return 409;
    }
    order.at = sim_now();
    if (!known)
        iso_order_enter(&bank, &order);
    return known ? 200 : 201;
}

static void order_serve(const struct fetch_request *rq, struct fetch_answer *ret)
{
    enum fate fate = fate_draw();
    sim_note(fate_name(fate), 0);
    *ret = (struct fetch_answer){ .outcome = fate == FATE_NOT_SENT ? FETCH_NOT_SENT : FETCH_UNKNOWN };
    ret->why = STR("simulated");
    if (fate == FATE_LOST || fate == FATE_NOT_SENT)
        return;
    if (fate == FATE_BROKEN) {
        answered(ret, 500, STR(""));
        return;
    }
    int status = order_enter(rq->body);
    sim_note("the bank's answer", status);
    if (fate == FATE_GOOD || fate == FATE_MESSAGE_FIRST)
        answered(ret, status, STR(""));
}

static void files_serve(int64_t after, struct fetch_answer *ret)
{
    struct arena *a = sim_memory();
    str list = STR("");
    for (const struct iso_file *f = bank.first_file; f; f = f->next)
        if (f->number > after)
            list = arena_printf(a, "%.*s%s{\"file\":%lld}", STR_ARG(list), list.n ? "," : "", (long long)f->number);
    answered(ret, 200, arena_printf(a, "{\"data\":[%.*s]}", STR_ARG(list)));
}

static void file_serve(int64_t number, struct fetch_answer *ret)
{
    const struct iso_file *f = bank.first_file;
    while (f && f->number != number)
        f = f->next;
    last_served = number;
    answered(ret, f ? 200 : 404, f ? f->xml : STR(""));
}

void bank_serve(const struct fetch_request *rq, str path, struct fetch_answer *ret)
{
    const str list = STR("/files?after="), one = STR("/files/");
    char *text = arena_cstr(sim_memory(), path);
    if (str_eq(path, STR("/payees")))
        answered(ret, 200, STR("{\"partyNameMatch\":\"MTCH\"}"));
    else if (strcmp(rq->method, "POST") == 0)
        order_serve(rq, ret);
    else if (str_starts(path, list))
        files_serve(strtoll(text + list.n, NULL, 10), ret);
    else
        file_serve(strtoll(text + one.n, NULL, 10), ret);
}

/* ---- what buyers transfer ---- */

str bank_credit(const struct bank_credit *c)
{
    const struct iso_incoming in = { .reference = arena_printf(sim_memory(), "E%lld", (long long)bank.n_credits),
                                     .amount_minor = c->takes_back.n ? -c->amount_minor : c->amount_minor,
                                     .creditor_reference = c->reference,
                                     .text = STR(""),
                                     .payer_name = STR("Buyer"),
                                     .payer_iban = c->payer_iban,
                                     .takes_back = str_given(c->takes_back) ? c->takes_back : STR(""),
                                     .currency = ISO_EUR };
    bank_use();
    sim_note("a buyer's transfer", in.amount_minor);
    int64_t number = iso_credit_enter(&bank, &in, sim_app()->config.debtor_iban);
    return arena_printf(sim_memory(), "C%lld", (long long)number);
}

void bank_settles(str reference, int64_t amount_minor)
{
    const struct iso_incoming in = { .reference = reference,
                                     .amount_minor = amount_minor,
                                     .creditor_reference = STR(""),
                                     .text = STR(""),
                                     .payer_name = STR("Acquirer"),
                                     .payer_iban = STR(""),
                                     .takes_back = STR(""),
                                     .currency = ISO_EUR };
    bank_use();
    iso_credit_enter(&bank, &in, sim_app()->config.debtor_iban);
}

/* ---- days ---- */

void bank_day_ends(void)
{
    iso_day_end(&bank, ISO_ONCE, sim_now());
}

static const struct iso_transfer *transfer_find(str end_to_end, int *times)
{
    const struct iso_transfer *found = NULL;
    *times = 0;
    for (const struct iso_order *o = first_order(); o; o = o->next)
        for (const struct iso_transfer *x = o->transfers; x; x = x->next)
            if (str_eq(x->end_to_end, end_to_end)) {
                found = x;
                (*times)++;
            }
    return found;
}

static enum transfer_state state_of(const struct iso_transfer *x)
{
    if (x->fate == ISO_REJECT)
        return TRANSFER_REJECTED;
    if (x->fate == ISO_SILENT)
        return TRANSFER_SILENT;
    if (x->fate == ISO_RETURN && x->day + ISO_RETURN_DAYS < bank.day)
        return TRANSFER_RETURNED;
    return x->day < bank.day ? TRANSFER_DEBITED : TRANSFER_ORDERED;
}

enum transfer_state bank_transfer(str end_to_end)
{
    int times;
    const struct iso_transfer *x = transfer_find(end_to_end, &times);
    if (times > 1)
        complain("a transfer was ordered twice");
    return x ? state_of(x) : TRANSFER_NONE;
}

bool bank_is_quiet(void)
{
    for (const struct iso_order *o = first_order(); o; o = o->next)
        for (const struct iso_transfer *x = o->transfers; x; x = x->next) {
            enum transfer_state state = state_of(x);
            if (state == TRANSFER_ORDERED || (x->fate == ISO_RETURN && state != TRANSFER_RETURNED))
                return false;
        }
    return !is_used || last_served == bank.n_files;
}

/* ---- who is asked about payees ---- */

void (*screening_meanwhile)(void);

void screening_serve(const struct fetch_request *rq, struct fetch_answer *ret)
{
    const struct json_value *asked;
    int64_t amount = 0;
    bool is_signed = rq->n_headers == 4 && str_starts(rq->headers[3].value, STR("v1,"));
    if (!is_signed || !json_parse(sim_memory(), rq->body, &asked) || !json_get_i64(asked, "amount", &amount))
        complain("a question about a payee that cannot be read");
    if (screening_meanwhile)
        screening_meanwhile();
    const char *said = amount == DENIED_MINOR ? "deny" : amount == REVIEWED_MINOR ? "review" : "allow";
    *ret = (struct fetch_answer){ .outcome = FETCH_ANSWERED,
                                  .status = 200,
                                  .body = arena_printf(sim_memory(), "{\"decision\":\"%s\"}", said) };
}
