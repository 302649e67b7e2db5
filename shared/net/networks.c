/* The tables follow the special-purpose registries of RFC 6890; everything is compared as 16 bytes. */
#include "shared/net/networks.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include "shared/base/num.h"
#include "shared/base/panic.h"

static const unsigned char MAPPED[12] = { [10] = 0xff, [11] = 0xff };
static const unsigned char NAT64[12] = { 0x00, 0x64, 0xff, 0x9b };

static const char *const refused_v4 = "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 "
                                      "192.0.0.0/24 192.0.2.0/24 192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 "
                                      "198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4";
/* Teredo and other protocol blocks, documentation, 6to4: of 2000::/3 these are not plain addresses. */
static const char *const refused_v6 = "2001::/23 2001:db8::/32 2002::/16 3fff::/20";

static bool address_parse(str s, unsigned char address[16], unsigned *width)
{
    char text[INET6_ADDRSTRLEN];
    if (s.n == 0 || s.n >= sizeof text)
        return false;
    memcpy(text, s.p, s.n);
    text[s.n] = '\0';
    memcpy(address, MAPPED, sizeof MAPPED);
    *width = 32;
    if (inet_pton(AF_INET, text, address + 12) == 1)
        return true;
    *width = 128;
    return inet_pton(AF_INET6, text, address) == 1;
}

static bool is_bit_set(const unsigned char address[16], unsigned bit)
{
    return (address[bit / 8] >> (7 - bit % 8)) & 1;
}

static bool network_parse(str s, struct network *ret)
{
    str bits_text = s, address;
    int64_t bits;
    unsigned width;
    bool is_network = str_cut(&bits_text, '/', &address);
    if (!address_parse(is_network ? address : s, ret->address, &width))
        return false;
    if (!is_network)
        bits = width;
    else if (!num_parse(bits_text, &bits) || bits < 0 || bits > width)
        return false;
    ret->bits = 128 - width + (unsigned)bits;
    for (unsigned bit = ret->bits; bit < 128; bit++) {
        if (is_bit_set(ret->address, bit))
            return false;
    }
    return true;
}

bool networks_parse(str text, struct networks *ret)
{
    struct networks list = { .n = 0 };
    str word;
    while (str_next_word(&text, &word)) {
        if (list.n == NETWORKS_MAX || !network_parse(word, &list.items[list.n]))
            return false;
        list.n++;
    }
    *ret = list;
    return true;
}

static bool networks_hold(const struct networks *list, const unsigned char address[16])
{
    for (size_t i = 0; i < list->n; i++) {
        const struct network *n = &list->items[i];
        unsigned bit = 0;
        while (bit < n->bits && is_bit_set(n->address, bit) == is_bit_set(address, bit))
            bit++;
        if (bit == n->bits)
            return true;
    }
    return false;
}

static bool is_listed(const char *table, const unsigned char address[16])
{
    struct networks list;
    if (!networks_parse(str_of(table), &list))
        panic("a table of networks does not parse");
    return networks_hold(&list, address);
}

static bool is_public(const unsigned char address[16])
{
    unsigned char inner[16];
    if (memcmp(address, MAPPED, sizeof MAPPED) == 0)
        return !is_listed(refused_v4, address);
    if (memcmp(address, NAT64, sizeof NAT64) == 0) {
        memcpy(inner, MAPPED, sizeof MAPPED);
        memcpy(inner + 12, address + 12, 4);
        return !is_listed(refused_v4, inner);
    }
    return (address[0] & 0xe0) == 0x20 && !is_listed(refused_v6, address);
}

static bool address_bytes(const struct sockaddr *address, unsigned char bytes[16])
{
    if (address->sa_family == AF_INET) {
        struct sockaddr_in v4;
        memcpy(&v4, address, sizeof v4);
        memcpy(bytes, MAPPED, sizeof MAPPED);
        memcpy(bytes + 12, &v4.sin_addr, 4);
    } else if (address->sa_family == AF_INET6) {
        struct sockaddr_in6 v6;
        memcpy(&v6, address, sizeof v6);
        memcpy(bytes, &v6.sin6_addr, 16);
    } else {
        return false;
    }
    return true;
}

bool networks_contain(const struct networks *list, const struct sockaddr *address)
{
    unsigned char bytes[16];
    return address_bytes(address, bytes) && networks_hold(list, bytes);
}

bool networks_allow(const struct networks *allowed, const struct sockaddr *address)
{
    unsigned char bytes[16];
    return address_bytes(address, bytes) && (networks_hold(allowed, bytes) || is_public(bytes));
}

bool networks_literal(str host, struct sockaddr_storage *ret)
{
    unsigned char address[16];
    unsigned width;
    if (!address_parse(host, address, &width))
        return false;
    struct sockaddr_in6 v6 = { .sin6_family = AF_INET6 };
    memcpy(&v6.sin6_addr, address, sizeof address);
    memcpy(ret, &v6, sizeof v6);
    return true;
}
