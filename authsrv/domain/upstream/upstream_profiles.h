/*
 * The shapes of well-known services, as defaults of the settings: what their documents look like, not where they are.
 * X(name, settings)
 */
#pragma once

#define UPSTREAM_PROFILES(X)                                                                                           \
    X("google", "{\"kind\":\"oidc\",\"scope\":\"openid email profile\"}")                                              \
    X("github", "{\"kind\":\"oauth2\",\"scope\":\"read:user user:email\",\"token_auth\":\"client_secret_post\","       \
                "\"claims\":{\"sub\":\"/id\",\"name\":[\"/name\",\"/login\"]}}")                                       \
    X("yandex", "{\"kind\":\"oauth2\",\"scope\":\"login:info login:email\",\"token_auth\":\"client_secret_basic\","    \
                "\"userinfo_auth\":\"oauth\",\"claims\":{\"sub\":\"/id\",\"email\":\"/default_email\","                \
                "\"name\":[\"/real_name\",\"/display_name\",\"/login\"]}}")                                            \
    X("vk", "{\"kind\":\"oauth2\",\"scope\":\"email\",\"token_auth\":\"client_secret_post\","                          \
            "\"userinfo_auth\":\"form\",\"callback_parameter\":\"device_id\",\"claims\":{\"sub\":\"/user/user_id\","   \
            "\"email\":\"/user/email\",\"name\":[\"/user/first_name /user/last_name\"]}}")
