/* See passkey.h. */
#include "authsrv/domain/account/passkey.h"

#include "authsrv/domain/account/account.h"
#include "shared/text/json_in.h"

bool client_data_challenge(struct arena *a, bytes client_data, str type, str origin, str *challenge)
{
    const struct json_value *v;
    str said;
    bool is_framed = false;
    if (!json_parse(a, (str){ (const char *)client_data.p, client_data.n }, &v))
        return false;
    if (!json_get_str(v, "type", &said) || !str_eq(said, type))
        return false;
    if (!json_get_str(v, "origin", &said) || !str_eq(said, origin))
        return false;
    if (json_get(v, "crossOrigin") && (!json_get_bool(v, "crossOrigin", &is_framed) || is_framed))
        return false;
    return !json_get(v, "topOrigin") && json_get_str(v, "challenge", challenge);
}

str passkey_site(str host)
{
    bool has_letter = false;
    for (size_t i = 0; i < host.n; i++) {
        if (host.p[i] == ':' || host.p[i] == '[')
            return STR_NONE;
        has_letter = has_letter || (host.p[i] >= 'a' && host.p[i] <= 'z');
    }
    return has_letter ? host : STR_NONE;
}

str passkey_amr(bool is_synced)
{
    return is_synced ? STR("swk user mfa") : STR("hwk user mfa");
}

str passkey_name(str typed, str fallback)
{
    return account_name_valid(typed) ? typed : fallback;
}
