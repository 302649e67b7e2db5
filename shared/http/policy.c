/* The Content-Security-Policy of our pages (SURFACES 2.0): nothing but our own files, no inline code, never framed. */
#include "shared/http/response.h"

#include "shared/base/panic.h"

static const struct {
    const char *name, *value;
} directives[] = {
    { "default-src", "'none'" },   { "script-src", "'self'" },  { "style-src", "'self'" },
    { "img-src", "'self'" },       { "font-src", "'self'" },    { "connect-src", "'self'" },
    { "manifest-src", "'self'" },  { "form-action", "'self'" }, { "frame-ancestors", "'none'" },
    { "base-uri", "'none'" },      { "object-src", "'none'" },  { "require-trusted-types-for", "'script'" },
    { "trusted-types", "'none'" },
};

void reply_csp(struct response *rs, const char *directive, str value)
{
    for (size_t i = 0; i < value.n; i++)
        if ((unsigned char)value.p[i] < 0x20 || value.p[i] == 0x7f || value.p[i] == ';' || value.p[i] == ',')
            panic("a policy directive would end early");
    if (rs->n_directives == RESPONSE_MAX_DIRECTIVES)
        panic("too many policy directives");
    rs->directives[rs->n_directives].name = directive;
    rs->directives[rs->n_directives++].value = value;
}

static void directive_write(struct buf *b, const char *name, str value)
{
    if (b->n)
        buf_add(b, STR("; "));
    buf_add(b, str_of(name));
    buf_add_char(b, ' ');
    buf_add(b, value);
}

/* The last replacement of a directive counts; one that the standard policy lacks is appended. */
static bool replacement_find(const struct response *rs, const char *name, str *ret)
{
    bool found = false;
    for (size_t i = 0; i < rs->n_directives; i++)
        if (strcmp(rs->directives[i].name, name) == 0) {
            *ret = rs->directives[i].value;
            found = true;
        }
    return found;
}

static bool is_standard(const char *name)
{
    for (size_t i = 0; i < sizeof directives / sizeof directives[0]; i++)
        if (strcmp(directives[i].name, name) == 0)
            return true;
    return false;
}

const char *response_policy(struct response *rs)
{
    struct buf b;
    buf_init(&b, rs->arena, 16384);
    for (size_t i = 0; i < sizeof directives / sizeof directives[0]; i++) {
        str value = str_of(directives[i].value);
        replacement_find(rs, directives[i].name, &value);
        directive_write(&b, directives[i].name, value);
    }
    for (size_t i = 0; i < rs->n_directives; i++)
        if (!is_standard(rs->directives[i].name))
            directive_write(&b, rs->directives[i].name, rs->directives[i].value);
    return arena_cstr(rs->arena, buf_str(&b));
}
