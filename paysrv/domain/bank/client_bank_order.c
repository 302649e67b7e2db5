/* Payment orders as text (1c_to_kl.txt). See client_bank.h. */
#include "paysrv/domain/bank/bank_text.h"
#include "paysrv/domain/bank/client_bank.h"
#include <assert.h>

#include "shared/base/civil.h"
#include "shared/text/codepage.h"

#define NAME_MAX_CHARS 160
#define PURPOSE_MAX_CHARS 210
#define TEXT_MAX_BYTES (32u << 20)
#define MOSCOW HOURS(3) /* all the year since 2014 */

int64_t client_bank_number(int64_t place)
{
    return place + place / 999 + 1;
}

int64_t client_bank_place(int64_t number)
{
    return number < 1 || number > 999999 || number % 1000 == 0 ? -1 : number - number / 1000 - 1;
}

/* The day of an order, of Moscow's calendar, in days since 1970. */
static int64_t client_bank_day(instant created)
{
    return civil_floor_div(instant_add(created, MOSCOW).us, DAYS(1).us);
}

/* ---- lines ---- */

struct writer {
    struct arena *arena;
    struct buf *out;
};

static void line(struct writer *w, const char *name, str value)
{
    buf_printf(w->out, "%s=%.*s\r\n", name, STR_ARG(value));
}

static void line_if(struct writer *w, const char *name, str value)
{
    if (str_given(value) && value.n > 0)
        line(w, name, value);
}

static void date(struct writer *w, const char *name, int64_t day)
{
    struct civil_date d = civil_of_days(day);
    buf_printf(w->out, "%s=%02d.%02d.%04lld\r\n", name, d.day, d.month, (long long)d.year);
}

static void amount(struct writer *w, int64_t minor)
{
    buf_printf(w->out, "Сумма=%lld.%02lld\r\n", (long long)(minor / 100), (long long)(minor % 100));
}

struct party {
    const char *who, *account, *direct, *inn, *name, *kpp, *bik, *correspondent;
};

#define PARTY(who)                                                                                                     \
    {                                                                                                                  \
        who, who "Счет", who "РасчСчет", who "ИНН", who "1", who "КПП", who "БИК", who "Корсчет"                \
    }
static const struct party payer = PARTY("Плательщик"), payee = PARTY("Получатель");

/* Whose name is not one that a Russian bank could read is known by his INN. */
static void party(struct writer *w, const struct party *p, str holder, const struct ru_account *x)
{
    str name = bank_text_ru(w->arena, holder, NAME_MAX_CHARS);
    line(w, p->account, x->account);
    line(w, p->who, arena_printf(w->arena, "ИНН %.*s %.*s", STR_ARG(x->inn), STR_ARG(name)));
    line(w, p->inn, x->inn);
    line(w, p->name, name);
    line_if(w, p->kpp, x->kpp);
    line(w, p->direct, x->account);
    line(w, p->bik, x->bik);
    line_if(w, p->correspondent, x->correspondent);
}

/* ---- the file ---- */

static void header(struct writer *w, const struct bank_file *file)
{
    const int64_t day = client_bank_day(file->created);
    const int64_t seconds = instant_seconds(instant_add(file->created, MOSCOW)) - day * 86400;
    buf_add(w->out, STR("1CClientBankExchange\r\nВерсияФормата=1.03\r\n"));
    line(w, "Кодировка", file->format == BANK_FORMAT_1C_UTF8 ? STR("UTF-8") : STR("Windows"));
    line(w, "Отправитель", STR("Stoa"));
    line(w, "Получатель", STR(""));
    date(w, "ДатаСоздания", day);
    buf_printf(w->out, "ВремяСоздания=%02d:%02d:%02d\r\n", (int)(seconds / 3600), (int)(seconds / 60 % 60),
               (int)(seconds % 60));
    date(w, "ДатаНачала", day);
    date(w, "ДатаКонца", day);
    line(w, "РасчСчет", file->debtor_ru.account);
    line(w, "Документ", STR("Платежное поручение"));
}

static void order(struct writer *w, const struct bank_file *file, size_t i)
{
    const struct bank_transfer *x = &file->transfers[i];
    str purpose = arena_printf(w->arena, "%s %.*s %.*s", x->purpose, STR_ARG(bank_file_end_to_end_id(w->arena, x->id)),
                               STR_ARG(x->partner_name));
    line(w, "СекцияДокумент", STR("Платежное поручение"));
    buf_printf(w->out, "Номер=%lld\r\n", (long long)client_bank_number(file->first_place + (int64_t)i));
    date(w, "Дата", client_bank_day(file->created));
    amount(w, x->amount_minor);
    party(w, &payer, file->debtor_name, &file->debtor_ru);
    party(w, &payee, x->holder_name, &x->ru);
    line(w, "ВидОплаты", STR("01"));
    line(w, "Очередность", STR("5"));
    line(w, "НазначениеПлатежа", bank_text_ru(w->arena, purpose, PURPOSE_MAX_CHARS));
    buf_add(w->out, STR("КонецДокумента\r\n"));
}

void client_bank_write(struct arena *a, const struct bank_file *file, struct buf *out)
{
    struct buf text;
    buf_init(&text, a, TEXT_MAX_BYTES);
    struct writer w = { a, &text };
    header(&w, file);
    for (size_t i = 0; i < file->n; i++)
        order(&w, file, i);
    buf_add(&text, STR("КонецФайла\r\n"));
    str encoded = buf_str(&text);
    if (file->format == BANK_FORMAT_1C && !codepage_encode(a, CODEPAGE_WINDOWS_1251, buf_str(&text), &encoded))
        assert(false); /* the bank's character set is a part of it */
    buf_add(out, encoded);
}
