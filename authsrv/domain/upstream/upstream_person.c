/* Claim mapping, and the policy about who may come. */
#include "authsrv/domain/upstream/upstream_person.h"

#include "authsrv/domain/account/account.h"
#include "shared/base/buf.h"

#define SUBJECT_MAX_BYTES 255
#define RULE_MAX_BYTES 512
#define VALUE_MAX_BYTES 1024

static const char *const rule_names[] = { "sub", "name", "email", "email_verified" };

/* One reference token of a pointer without its escapes (RFC 6901 section 4); false: a bad escape. */
static bool token_read(struct arena *a, str raw, str *ret)
{
    char *out = arena_cstr(a, raw);
    size_t n = 0;
    for (size_t i = 0; i < raw.n; i++) {
        char c = raw.p[i];
        if (c == '~') {
            if (++i == raw.n || (raw.p[i] != '0' && raw.p[i] != '1'))
                return false;
            c = raw.p[i] == '0' ? '~' : '/';
        }
        out[n++] = c;
    }
    out[n] = 0;
    *ret = (str){ out, n };
    return true;
}

static const struct json_value *step(const struct json_value *v, str name)
{
    if (json_kind(v) == JSON_OBJECT)
        return json_get(v, name.p);
    if (json_kind(v) != JSON_ARRAY || name.n == 0 || name.n > 3)
        return NULL;
    size_t index = 0;
    for (size_t i = 0; i < name.n; i++) {
        if (name.p[i] < '0' || name.p[i] > '9')
            return NULL;
        index = index * 10 + (size_t)(name.p[i] - '0');
    }
    return index < json_size(v) ? json_item(v, index) : NULL;
}

/* NULL: nothing is there. */
static const struct json_value *pointed(struct arena *a, const struct json_value *doc, str pointer)
{
    str head, name, rest = pointer;
    if (!str_cut(&rest, '/', &head) || head.n > 0)
        return NULL;
    for (bool more = true; more && doc;) {
        more = str_cut(&rest, '/', &head);
        if (!token_read(a, more ? head : rest, &name))
            return NULL;
        doc = step(doc, name);
    }
    return doc;
}

static bool pointers_valid(struct arena *a, str rule)
{
    str word, head, name;
    size_t n = 0;
    if (rule.n > RULE_MAX_BYTES)
        return false;
    for (; str_next_word(&rule, &word); n++) {
        if (word.p[0] != '/')
            return false;
        for (str rest = word; str_cut(&rest, '/', &head);)
            if (!token_read(a, head, &name) || !token_read(a, rest, &name))
                return false;
    }
    return n > 0;
}

static bool rule_valid(struct arena *a, str name, const struct json_value *rule)
{
    str text;
    bool flag;
    if (str_eq(name, STR("email_verified")) && json_is_bool(rule, &flag))
        return true;
    if (json_is_str(rule, &text))
        return pointers_valid(a, text);
    if (json_kind(rule) != JSON_ARRAY || json_size(rule) == 0)
        return false;
    for (size_t i = 0; i < json_size(rule); i++)
        if (!json_is_str(json_item(rule, i), &text) || !pointers_valid(a, text))
            return false;
    return true;
}

bool upstream_claims_valid(struct arena *a, const struct json_value *rules)
{
    str key;
    const struct json_value *rule;
    if (json_kind(rules) != JSON_OBJECT)
        return false;
    for (size_t i = 0; json_member(rules, i, &key, &rule); i++) {
        bool known = false;
        for (size_t n = 0; n < sizeof rule_names / sizeof rule_names[0]; n++)
            known = known || str_eq(str_of(rule_names[n]), key);
        if (!known || !rule_valid(a, key, rule))
            return false;
    }
    return true;
}

/* Texts and whole numbers; everything else is nothing. */
static bool leaf_text(struct arena *a, const struct json_value *v, str *ret)
{
    int64_t number;
    if (!v)
        return false;
    if (json_is_str(v, ret))
        return ret->n > 0;
    if (!json_is_i64(v, &number))
        return false;
    *ret = arena_printf(a, "%lld", (long long)number);
    return true;
}

static bool joined(struct arena *a, const struct json_value *doc, str rule, str *ret)
{
    struct buf b;
    str word, text;
    buf_init(&b, a, VALUE_MAX_BYTES);
    while (str_next_word(&rule, &word)) {
        if (!leaf_text(a, pointed(a, doc, word), &text) || b.n + text.n + 1 > VALUE_MAX_BYTES)
            continue;
        if (b.n > 0)
            buf_add_char(&b, ' ');
        buf_add(&b, text);
    }
    *ret = buf_str(&b);
    return b.n > 0;
}

static const struct json_value *rule_of(const struct upstream_settings *s, const char *name)
{
    return json_get(s->claims, name);
}

static bool mapped(struct arena *a, const struct upstream_settings *s, const struct json_value *doc, const char *name,
                   str *ret)
{
    const struct json_value *rule = rule_of(s, name);
    str text;
    if (!rule)
        return json_get_str(doc, name, ret);
    if (json_is_str(rule, &text))
        return joined(a, doc, text, ret);
    for (size_t i = 0; i < json_size(rule); i++)
        if (json_is_str(json_item(rule, i), &text) && joined(a, doc, text, ret))
            return true;
    return false;
}

static bool said_verified(struct arena *a, const struct upstream_settings *s, const struct json_value *doc)
{
    const struct json_value *rule = rule_of(s, "email_verified");
    bool verified = false;
    str pointer;
    if (!rule)
        return json_get_bool(doc, "email_verified", &verified) && verified;
    if (json_is_bool(rule, &verified))
        return verified;
    if (!json_is_str(rule, &pointer))
        return false;
    const struct json_value *v = pointed(a, doc, pointer);
    return v && json_is_bool(v, &verified) && verified;
}

bool email_in_domains(str email, str domains)
{
    str domain = email, local;
    return str_given(email) && str_cut(&domain, '@', &local) && domain.n > 0 && str_has_word(domains, domain);
}

static void email_take(struct arena *a, const struct upstream_settings *s, str domains, str text, bool verified,
                       struct partner_person *ret)
{
    str email;
    if (!account_login(a, text, &email))
        return;
    ret->email = email;
    ret->email_verified = verified && (!s->own_domains_only || email_in_domains(email, domains));
}

static void facts_take(struct arena *a, const struct upstream_settings *s, str domains, const struct json_value *claims,
                       struct partner_person *ret)
{
    str text;
    if (mapped(a, s, claims, "name", &text) && account_name_valid(text))
        ret->name = text;
    if (mapped(a, s, claims, "email", &text))
        email_take(a, s, domains, text, said_verified(a, s, claims), ret);
}

bool partner_person_read(struct arena *a, const struct upstream_settings *s, str domains,
                         const struct json_value *claims, struct partner_person *ret)
{
    *ret = (struct partner_person){ .amr = STR("") };
    if (!mapped(a, s, claims, "sub", &ret->subject) || ret->subject.n == 0 || ret->subject.n > SUBJECT_MAX_BYTES)
        return false;
    facts_take(a, s, domains, claims, ret);
    return true;
}

bool partner_person_add(struct arena *a, const struct upstream_settings *s, str domains,
                        const struct json_value *userinfo, struct partner_person *ret)
{
    str subject;
    if (!json_get_str(userinfo, "sub", &subject) || !str_eq(subject, ret->subject))
        return false;
    facts_take(a, s, domains, userinfo, ret);
    return true;
}

void partner_emails_add(struct arena *a, const struct upstream_settings *s, str domains, const struct json_value *list,
                        struct partner_person *ret)
{
    for (size_t i = 0; json_kind(list) == JSON_ARRAY && i < json_size(list); i++) {
        const struct json_value *one = json_item(list, i);
        bool primary = false, verified = false;
        str text;
        if (!json_get_bool(one, "primary", &primary) || !primary || !json_get_str(one, "email", &text))
            continue;
        email_take(a, s, domains, text, json_get_bool(one, "verified", &verified) && verified, ret);
    }
}

enum upstream_admission upstream_admit(const struct upstream_settings *s, str domains, const struct partner_person *p)
{
    switch (s->create) {
    case UPSTREAM_CREATE_ANYONE:
        return UPSTREAM_ADMITTED;
    case UPSTREAM_CREATE_DOMAINS:
        return p->email_verified && email_in_domains(p->email, domains) ? UPSTREAM_ADMITTED : UPSTREAM_FOREIGN_DOMAIN;
    case UPSTREAM_CREATE_INVITED:
        return UPSTREAM_NEEDS_INVITATION;
    }
    return UPSTREAM_NEEDS_INVITATION;
}
