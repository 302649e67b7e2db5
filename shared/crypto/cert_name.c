/* The names in a certificate (RFC 4514, 5280 sections 4.1.2.6 and 4.2.1.6); see cert.h. */
#include <arpa/inet.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "shared/base/panic.h"
#include "shared/crypto/cert.h"
#include "shared/crypto/cert_x509.h"

#define DN_MAX_BYTES 1024
#define DN_MAX_PARTS 32
#define TYPE_MAX_BYTES 64

/* One attribute of a name as text: type, value without escapes, and whether it shares its RDN with the one before. */
struct dn_part {
    char type[TYPE_MAX_BYTES]; /* filled up with zeros */
    unsigned char value[DN_MAX_BYTES];
    size_t n;
    bool joins_previous;
};

str cert_subject(struct arena *a, const struct cert *cert)
{
    BIO *bio = BIO_new(BIO_s_mem());
    char *p;
    if (!bio || X509_NAME_print_ex(bio, X509_get_subject_name(cert->x509), 0,
                                   XN_FLAG_RFC2253 & ~(unsigned long)ASN1_STRFLGS_ESC_MSB) < 0)
        panic("out of memory");
    long n = BIO_get_mem_data(bio, &p);
    str text = arena_str(a, (str){ n > 0 ? p : "", (size_t)n });
    BIO_free(bio);
    return text;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* One character of a value, with or without its backslash; false: an escape that RFC 4514 does not have. */
static bool value_take(str *rest, unsigned char *ret, bool *is_escaped)
{
    char c = rest->p[0];
    *is_escaped = c == '\\';
    size_t n = 1;
    *ret = (unsigned char)c;
    if (*is_escaped) {
        if (rest->n < 2)
            return false;
        int high = hex_digit(rest->p[1]), low = rest->n > 2 ? hex_digit(rest->p[2]) : -1;
        bool is_hex = high >= 0 && low >= 0;
        if (!is_hex && !strchr(" \"#+,;<=>\\", rest->p[1]))
            return false;
        *ret = is_hex ? (unsigned char)(high << 4 | low) : (unsigned char)rest->p[1];
        n = is_hex ? 3 : 2;
    }
    *rest = (str){ rest->p + n, rest->n - n };
    return *ret != 0;
}

/* The value up to "," or "+" that is not escaped; plain spaces around it do not belong to it. */
static bool value_read(str *rest, struct dn_part *part)
{
    size_t end = 0;
    while (rest->n && rest->p[0] == ' ')
        *rest = (str){ rest->p + 1, rest->n - 1 };
    if (rest->n && rest->p[0] == '#')
        return false;
    while (rest->n && rest->p[0] != ',' && rest->p[0] != '+') {
        bool is_escaped;
        if (strchr("\";<>", rest->p[0]) || !value_take(rest, &part->value[part->n], &is_escaped))
            return false;
        part->n++;
        if (is_escaped || part->value[part->n - 1] != ' ')
            end = part->n;
    }
    part->n = end;
    return end > 0;
}

static bool type_read(str *rest, struct dn_part *part)
{
    str type;
    while (rest->n && rest->p[0] == ' ')
        *rest = (str){ rest->p + 1, rest->n - 1 };
    if (!str_cut(rest, '=', &type))
        return false;
    while (type.n && type.p[type.n - 1] == ' ')
        type.n--;
    if (type.n == 0 || type.n >= sizeof part->type || memchr(type.p, 0, type.n))
        return false;
    memcpy(part->type, type.p, type.n);
    part->type[type.n] = 0;
    return true;
}

/* Keywords are written in any case (RFC 4514 section 3); OpenSSL knows each in one. NULL: not known. */
static ASN1_OBJECT *type_find(const char type[TYPE_MAX_BYTES])
{
    char upper[TYPE_MAX_BYTES], lower[TYPE_MAX_BYTES];
    for (size_t i = 0; i < TYPE_MAX_BYTES; i++) {
        upper[i] = (char)(type[i] >= 'a' && type[i] <= 'z' ? type[i] - 0x20 : type[i]);
        lower[i] = (char)(type[i] >= 'A' && type[i] <= 'Z' ? type[i] + 0x20 : type[i]);
    }
    ASN1_OBJECT *found = OBJ_txt2obj(type, 0);
    if (!found)
        found = OBJ_txt2obj(upper, 0);
    return found ? found : OBJ_txt2obj(lower, 0);
}

/* RFC 4514 puts the most specific part first, a certificate last: each RDN is inserted in front of the others. */
static bool part_add(X509_NAME *name, const struct dn_part *part)
{
    int set = part->joins_previous ? 1 : 0; /* 1: into the RDN that is now first */
    ASN1_OBJECT *type = type_find(part->type);
    bool is_added =
        type && X509_NAME_add_entry_by_OBJ(name, type, MBSTRING_UTF8, part->value, (int)part->n, 0, set) == 1;
    ASN1_OBJECT_free(type);
    return is_added;
}

static bool name_fill(X509_NAME *name, str text)
{
    str rest = text;
    bool joins = false;
    for (int parts = 0; parts < DN_MAX_PARTS; parts++) {
        struct dn_part part = { .joins_previous = joins };
        if (!type_read(&rest, &part) || !value_read(&rest, &part) || !part_add(name, &part))
            return false;
        if (rest.n == 0)
            return true;
        joins = rest.p[0] == '+';
        rest = (str){ rest.p + 1, rest.n - 1 };
    }
    return false;
}

static X509_NAME *name_parse(str text)
{
    if (text.n == 0 || text.n > DN_MAX_BYTES)
        return NULL;
    X509_NAME *name = X509_NAME_new();
    if (!name)
        panic("out of memory");
    if (!name_fill(name, text)) {
        X509_NAME_free(name);
        name = NULL;
    }
    ERR_clear_error();
    return name;
}

bool cert_subject_is(const struct cert *cert, str rfc4514)
{
    X509_NAME *wanted = name_parse(rfc4514);
    bool is_same = wanted && X509_NAME_cmp(X509_get_subject_name(cert->x509), wanted) == 0;
    X509_NAME_free(wanted);
    ERR_clear_error();
    return is_same;
}

bool cert_subject_valid(str rfc4514)
{
    X509_NAME *name = name_parse(rfc4514);
    X509_NAME_free(name);
    return name != NULL;
}

static str asn1_text(const ASN1_STRING *string)
{
    return (str){ (const char *)ASN1_STRING_get0_data(string), (size_t)ASN1_STRING_length(string) };
}

/* The binary form of an address as a certificate has it; n = 0: the text is none. */
static size_t address_of(str text, unsigned char out[16])
{
    char terminated[INET6_ADDRSTRLEN];
    if (text.n >= sizeof terminated)
        return 0;
    memcpy(terminated, text.p, text.n);
    terminated[text.n] = 0;
    if (inet_pton(AF_INET, terminated, out) == 1)
        return 4;
    return inet_pton(AF_INET6, terminated, out) == 1 ? 16 : 0;
}

static bool san_is(const GENERAL_NAME *name, enum cert_san kind, str value)
{
    unsigned char address[16];
    size_t address_n;
    switch (kind) {
    case SAN_DNS:
        return name->type == GEN_DNS && str_eq_nocase(asn1_text(name->d.dNSName), value);
    case SAN_URI:
        return name->type == GEN_URI && str_eq(asn1_text(name->d.uniformResourceIdentifier), value);
    case SAN_EMAIL:
        return name->type == GEN_EMAIL && str_eq(asn1_text(name->d.rfc822Name), value);
    case SAN_IP:
        address_n = address_of(value, address);
        return name->type == GEN_IPADD && address_n > 0 &&
               str_eq(asn1_text(name->d.iPAddress), (str){ (const char *)address, address_n });
    }
    return false;
}

bool cert_has_san(const struct cert *cert, enum cert_san kind, str value)
{
    if (value.n == 0)
        return false;
    GENERAL_NAMES *names = X509_get_ext_d2i(cert->x509, NID_subject_alt_name, NULL, NULL);
    bool has = false;
    for (int i = 0; !has && i < sk_GENERAL_NAME_num(names); i++)
        has = san_is(sk_GENERAL_NAME_value(names, i), kind, value);
    GENERAL_NAMES_free(names);
    ERR_clear_error();
    return has;
}
