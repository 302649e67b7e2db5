/*
 * What members of objects and parameters of the API mean, for /openapi.json: X(of, "text"). A name
 * alone ("currency") is of every place that has no text of its own; looked for is the operation
 * ("get_admin_v1_users.query"), the object ("Client.scope"), then the end of the path ("grants.scope"). In the order of
 * strcmp. tests/api/documents.test.mjs: everything has a text, and no text is of nothing.
 */
#pragma once

#define AUTHSRV_MEANINGS(X)                                                                                            \
    X("Approval.binding_message",                                                                                      \
      "What the person is shown beside the request, to compare. Null if the client sent nothing.")                     \
    X("Approval.client", "The client that asks.")                                                                      \
    X("Approval.expires_at", "When the request ends if nobody decides.")                                               \
    X("Approval.id", "Names the request that waits (`dec_...`).")                                                      \
    X("Approval.scope", "The scopes that the client asks for, separated by spaces.")                                   \
    X("Approval.user", "The account (`usr_...`) of the person who is asked.")                                          \
    X("AssertionIssuer.alg", "The one algorithm that the issuer signs with.")                                          \
    X("AssertionIssuer.clients", "The `client_id`s that may present this issuer's assertions, separated by spaces; "   \
                                 "may be empty with `software_statements`.")                                           \
    X("AssertionIssuer.created_at", "When the issuer was first trusted.")                                              \
    X("AssertionIssuer.id", "Names the issuer in paths, since its URL does not fit there.")                            \
    X("AssertionIssuer.issuer", "The URL that the issuer's assertions say in `iss`, byte for byte.")                   \
    X("AssertionIssuer.jwks",                                                                                          \
      "The issuer's public keys, as a JWK set. Absent: those at `jwks_uri`; one of the two is needed.")                \
    X("AssertionIssuer.jwks_uri",                                                                                      \
      "Where the issuer publishes its public keys. Null, or not sent: those in `jwks`; one of the two is needed.")     \
    X("AssertionSubject.created_at", "When it was first said who the subject is. Absent in the answer to saying it.")  \
    X("AssertionSubject.user",                                                                                         \
      "The account (`usr_...`) that the subject is here; sent, the address that it logs in with will do as well.")     \
    X("AuditEntry.detail", "More about it, such as the scopes or the other party; empty if there is no more to say.")  \
    X("AuditEntry.id", "The number of the entry; later ones have higher numbers.")                                     \
    X("Branding.updated_at", "When the branding was last said. Absent if nothing was said.")                           \
    X("Branding.version", "The version, as in the `ETag`, which `PUT` wants in `If-Match`; 0 if nothing was said.")    \
    X("ChallengeRefusal.auth_session",                                                                                 \
      "Names this log-in for further requests; it lasts thirty minutes. Absent if a page is needed.")                  \
    X("ChallengeRefusal.challenge", "What is asked for next: the code that was mailed. Absent if a page is needed.")   \
    X("ChallengeRefusal.error", "What is needed: the mailed code, or a page of the server.")                           \
    X("ChallengeRefusal.expires_in", "Seconds until `request_uri` ends. Only with it.")                                \
    X("ChallengeRefusal.request_uri", "The pushed request, for the browser at the authorization endpoint. Absent if "  \
                                      "a code is needed, or a request has to be made anew there.")                     \
    X("Client.challenge", "Whether the client may log people in inside its own pages by a mailed code, and open "      \
                          "accounts so. Not sent: as it is.")                                                          \
    X("Client.client", "The client, by its `id` (which is the `client_id`, but for clients known by a URL).")          \
    X("Client.client_id", "The id that the client uses in OAuth 2.0; a URL if it is known by its own document.")       \
    X("Client.client_secret", "The secret. Only in the answer that gives a new one: it is not shown again.")           \
    X("Client.id", "Names the client in paths: its `client_id`, or a stand-in if that is a URL.")                      \
    X("Client.partner", "The partner that the client belongs to, by its `slug`. Null, or not sent: none, or that of "  \
                        "the administration that sends it.")                                                           \
    X("Client.status", "Whether the client may be used; what it held ended when it was disabled.")                     \
    X("ClientMetadata.scope",                                                                                          \
      "The scopes that the client may ask for, separated by spaces. Default: those of OpenID Connect.")                \
    X("ClientMetadata.software_statement",                                                                             \
      "A signed statement about the software (RFC 7591 section 2.3). It counts at `/register`; here it is refused.")   \
    X("ClientRegistration.client", "The `client_id` of the client whose registration access token is presented.")      \
    X("ClientRegistration.client_id", "The id that the server gave the client.")                                       \
    X("ClientRegistration.client_secret",                                                                              \
      "The secret. Only in the answer that gives a new one: it is not shown again.")                                   \
    X("ClientRegistration.scope", "The scopes that the client may ask for, separated by spaces.")                      \
    X("Consent.client", "The client that was allowed something.")                                                      \
    X("Consent.redirect_uri", "The redirect URI of the request that was allowed.")                                     \
    X("Consent.scope", "The scopes that the person allowed, separated by spaces.")                                     \
    X("DetailType.audience", "The API whose tokens carry details of this type; it has to be registered.")              \
    X("DetailType.id", "Names the type in paths: its `name`, or a stand-in if that has a slash.")                      \
    X("DetailType.name", "The name of the type, as `type` of `authorization_details` has it.")                         \
    X("DeviceAuthorization.expires_in", "Seconds until `device_code` and `user_code` end.")                            \
    X("DeviceAuthorization.user_code", "The code that the device shows and its person types at `verification_uri`.")   \
    X("ExchangeRule.audience",                                                                                         \
      "One more API that the new token may be for. Null, or not sent: the audience of the exchanged token only.")      \
    X("ExchangeRule.client", "The client that may exchange the tokens of `tokens_of`.")                                \
    X("ExchangeRule.scopes", "The most that the new tokens may hold, scopes separated by spaces.")                     \
    X("FedcmAccount.email", "The e-mail address of the account. Absent if it has none.")                               \
    X("FedcmAccount.id", "The account (`usr_...`).")                                                                   \
    X("FedcmAccount.name", "The person's name.")                                                                       \
    X("Grant.audience",                                                                                                \
      "The API that the access tokens are for; several, separated by spaces, if each token says which.")               \
    X("Grant.client", "The client that holds the grant and its tokens.")                                               \
    X("Grant.created_at", "When the grant was made.")                                                                  \
    X("Grant.expires_at", "When the grant ends, unless it is revoked before.")                                         \
    X("Grant.id", "Names the grant (`gr_...`).")                                                                       \
    X("Grant.scope", "The scopes that the grant gives, separated by spaces.")                                          \
    X("Grant.session", "The `sid` that the grant's ID tokens have: that of the log-in it came from.")                  \
    X("Identity.email", "The e-mail address that the partner said at the last log-in. Null if it said none.")          \
    X("Identity.email_verified", "Whether the partner's word that the address is the person's was taken.")             \
    X("Identity.id", "Names the identity.")                                                                            \
    X("Identity.issuer", "The issuer of the partner that knows the person as `subject`.")                              \
    X("Identity.name", "The person's name as the partner said it at the last log-in. Null if it said none.")           \
    X("Identity.partner", "The partner whose account this is, by its `slug`.")                                         \
    X("Identity.subject", "Who the person is at the partner: its `sub`.")                                              \
    X("InitialAccessToken.created_at", "When the token was made. Absent in the answer that makes it.")                 \
    X("InitialAccessToken.expires_at", "When the token ends, however many uses are left.")                             \
    X("InitialAccessToken.id", "Names the token (`iat_...`); it does not open anything.")                              \
    X("InitialAccessToken.token", "The token with which clients register at `/register`. Only in the answer that "     \
                                  "makes it: it is not shown again.")                                                  \
    X("Introspection.client_id", "The client that the token was issued to.")                                           \
    X("Introspection.email", "The person's e-mail address. Absent without the scope `email`, or if there is none.")    \
    X("Introspection.email_verified",                                                                                  \
      "Whether `email` is known to be the person's. Absent without the scope `email`.")                                \
    X("Introspection.partner",                                                                                         \
      "The partner that the token's client belongs to, by its `slug`. Absent if there is none.")                       \
    X("Introspection.scope", "The scopes of the token, separated by spaces.")                                          \
    X("Introspection.sub",                                                                                             \
      "Who the token is about, by the name that the caller knows: the person, or the client itself.")                  \
    X("Introspection.token_type",                                                                                      \
      "How the access token is presented: `Bearer`, or `DPoP` with a proof. Absent for refresh tokens.")               \
    X("Key.state",                                                                                                     \
      "Where the key is in its life: `next`, `active`, `retiring`, `gone` (its time was over) or `revoked`.")          \
    X("Key.why", "How it comes to sign: as the `first` of its algorithm, by `rotation`, or by an `emergency`.")        \
    X("Logout.client", "The application that is to be told.")                                                          \
    X("Logout.created_at",                                                                                             \
      "When the session ended, or the retry was asked for; attempts go on for 24 hours from then.")                    \
    X("Logout.id", "The number of the log-out; later ones have higher numbers.")                                       \
    X("Logout.state", "How the log-out stands: `pending`, `delivered`, `refused` by the application, or `given_up`.")  \
    X("Logout.user", "The account (`usr_...`) whose session ended.")                                                   \
    X("Partner.client_id", "The id that the partner's provider gave us as its client.")                                \
    X("Partner.client_secret", "The secret that the partner's provider gave us as its client; it is kept and never "   \
                               "shown. Not sent: none, or as it was.")                                                 \
    X("Partner.has_client_secret", "Whether we have a secret at the partner's provider.")                              \
    X("Partner.issuer",                                                                                                \
      "The issuer of the partner's accounts, a URL. Where nobody logs in (`kind` `none`) the default is one of ours.") \
    X("Partner.name", "The partner's name, as people are shown it.")                                                   \
    X("Partner.redirect_uri", "Our redirect URI: register it at the partner's provider.")                              \
    X("Partner.slug", "The partner's short name in paths, tokens and commands; it never changes.")                     \
    X("Partner.status", "Whether the partner is connected, or was removed.")                                           \
    X("Problem.type", "What went wrong, as a URN: `urn:stoa:problem:` and `code`.")                                    \
    X("Registration.authorization_code",                                                                               \
      "The authorization code for `/token`, with the `code_verifier`. Only in the answer to the right code.")          \
    X("Registration.code",                                                                                             \
      "The eight digits that were mailed, as the person typed them; spaces and hyphens do not count.")                 \
    X("Registration.email", "The address that the code is mailed to, whose owner joins.")                              \
    X("Registration.expires_at", "When the registration ends if it is not confirmed.")                                 \
    X("Registration.id", "Names the registration (`ch_...`).")                                                         \
    X("Registration.status", "How far it came: `code_sent`, `code_dead`, `confirmed`, `replaced` by a newer one, "     \
                             "`disowned` by the owner, or `web` (a page is needed).")                                  \
    X("Registration.user",                                                                                             \
      "Who the person is to this client: the `sub` of its tokens. Absent before the right code came.")                 \
    X("ResourceMetadata.resource", "The audience that access tokens for this API need.")                               \
    X("Revocation.client_id", "The client whose tokens are refused (with `before`), or from which a consent was "      \
                              "taken back (with `withdrawal`).")                                                       \
    X("Revocation.exp", "Until when the entry has to be kept, in seconds since 1970.")                                 \
    X("Revocation.grants", "The grants with details that the withdrawn consent ended, as `grant_id` names them in "    \
                           "tokens. Only with `withdrawal`.")                                                          \
    X("Revocation.jti", "The one access token that is refused, by its `jti`.")                                         \
    X("Revocation.kid", "The key that was revoked: all that it signed is refused.")                                    \
    X("Revocation.partner",                                                                                            \
      "The partner that the client belongs to, by its `slug`. Only with `withdrawal`, absent if there is none.")       \
    X("Revocation.sub",                                                                                                \
      "Whose consent was taken back, as that client's tokens named the person. Only with `withdrawal`.")               \
    X("Scope.audience", "The API that the scope belongs to. Absent in the answer to a change.")                        \
    X("Scope.scope", "The scope, one word.")                                                                           \
    X("Session.created_at", "When the session began.")                                                                 \
    X("Session.expires_at", "When the session ends at the latest; without use it ends before.")                        \
    X("Session.host",                                                                                                  \
      "The host name of a partner's own at which the session is good. Absent: it is good at the issuer.")              \
    X("Session.id", "Names the session: its `sid` in ID tokens.")                                                      \
    X("Session.partner",                                                                                               \
      "The partner with which the person logged in, by its `slug`. Absent if it was with the account itself.")         \
    X("TokenAnswer.expires_in", "Seconds until the access token ends. Absent if a partner's token came without it.")   \
    X("TokenAnswer.scope",                                                                                             \
      "The scopes of the access token, separated by spaces. Absent if a partner's token came without them.")           \
    X("User.email", "The account's e-mail address; the log-in name is `login`. Null if there is none.")                \
    X("User.id", "Names the account (`usr_...`).")                                                                     \
    X("User.status", "Whether the account can be used; what it held ended when it was disabled.")                      \
    X("UserInfo.email", "The person's e-mail address. Absent without the scope or claim, or if there is none.")        \
    X("UserInfo.email_verified",                                                                                       \
      "Whether `email` is known to be the person's. Absent without the scope or claim, or without an address.")        \
    X("UserInfo.name", "The person's full name (claim of OpenID Connect). Absent without the scope or claim.")         \
    X("UserInfo.sub", "Who the person is to this client; the same as in its ID tokens.")                               \
    X("UserInfo.updated_at",                                                                                           \
      "When the account was last changed, in seconds since 1970. Absent without the scope or claim.")                  \
    X("access_token", "The access token: a JWT (RFC 9068), or, by token exchange, the one that a partner issued.")     \
    X("access_token_ttl",                                                                                              \
      "Seconds that its access tokens live; only the operator gives it. Absent: the server's configured life.")        \
    X("account_hint", "Whom the page means: the account's id, its `sub` at this client, or its e-mail address. "       \
                      "Absent: whoever is logged in.")                                                                 \
    X("account_id", "The id of the account, as `/fedcm/accounts` gave it.")                                            \
    X("accounts", "The one account of this browser's session.")                                                        \
    X("accounts_endpoint", "Where the browser reads who is logged in (FedCM).")                                        \
    X("acr", "How strong the log-in was, for example `urn:stoa:acr:2fa`. Only of access tokens of a person.")          \
    X("acr_values", "The levels of log-in that the client wishes for, separated by spaces.")                           \
    X("act", "Who acts for the person (RFC 8693): `sub`, and inside it whoever acted before. Absent: nobody does.")    \
    X("action", "What was done, for example `client.created`.")                                                        \
    X("activated_at", "When the key began to sign, or for encryption became the active one. Absent before that.")      \
    X("active", "Whether the token counts now, and the caller may see it; if `false`, nothing else is said.")          \
    X("actor", "Who did it: an account, a client, a partner, a command (`cli:...`), an address whose log-in failed, "  \
               "or a word such as `authsrv`.")                                                                         \
    X("actor_token", "A live token of the asking client itself; its subject becomes the actor in `act`. Absent: "      \
                     "nobody is added to `act`.")                                                                      \
    X("actor_token_type",                                                                                              \
      "The type of `actor_token`, an access token or an ID token; needed with it and refused without it.")             \
    X("address", "The person's postal address, as the claim of OpenID Connect. Absent without the scope or claim, or " \
                 "if it is not known.")                                                                                \
    X("advice", "What may help after a card was declined (payment API).")                                              \
    X("alg", "The algorithm of the key: one to sign with, or one to encrypt to.")                                      \
    X("all", "Whether to list every log-out that is still kept, and not only those that did not go through. Default "  \
             "`false`.")                                                                                               \
    X("amr",                                                                                                           \
      "How the person proved who it is (RFC 8176), for example `pwd`, `otp`, `mfa`. None if nothing is known of it.")  \
    X("answered", "The HTTP status of the application's last answer. Absent if there was none.")                       \
    X("application_type",                                                                                              \
      "Whether the client runs on a server (`web`, the default) or on the person's device (`native`).")                \
    X("approval", "The request that waits: `id` of an approval.")                                                      \
    X("approved_clients",                                                                                              \
      "The clients that the person allowed at least `openid email` before; the browser does not ask again for these.") \
    X("assertion", "A JWT of a trusted issuer that says who the person is (RFC 7523); it works once.")                 \
    X("at", "When it was done.")                                                                                       \
    X("attempts", "How often the log-out was sent to the application so far; a retry begins anew at 0.")               \
    X("attempts_left", "How often a wrong code may still be typed before the code is dead.")                           \
    X("aud", "The audience of the access token: the API that it is for. Absent for refresh tokens.")                   \
    X("audience", "The API: the URL that stands in `aud` of its access tokens.")                                       \
    X("audit_entries", "How many entries the audit log has.")                                                          \
    X("audit_lag_s",                                                                                                   \
      "Age in seconds of the oldest entry of the audit log that is not chained yet; 0 if there is none.")              \
    X("audit_unchained", "How many entries of the audit log are not chained yet.")                                     \
    X("auth_req_id", "The secret with which the client asks for its tokens at `/token` (CIBA).")                       \
    X("auth_time", "When the person last logged in, in seconds since 1970. Only of access tokens of a person.")        \
    X("authenticated_at", "When the person last proved who it is in this session.")                                    \
    X("authenticator_data", "What the authenticator answered about itself and the key (WebAuthn), in base64url.")      \
    X("authorization_code", "The authorization code; redeem it at `/token` with the `code_verifier`.")                 \
    X("authorization_code_expires_in",                                                                                 \
      "Seconds in which the authorization code has to be redeemed. Only with `authorization_code`.")                   \
    X("authorization_details",                                                                                         \
      "What the token allows in detail (RFC 9396), as far as it concerns its audience. Absent: no details.")           \
    X("authorization_details_types",                                                                                   \
      "The types of `authorization_details` that the client may ask for; only the operator gives them.")               \
    X("authorization_encrypted_response_alg",                                                                          \
      "How the key of encrypted authorization responses (JARM) is encrypted. Absent: they are not encrypted.")         \
    X("authorization_encrypted_response_enc",                                                                          \
      "How encrypted authorization responses (JARM) are encrypted. Absent: `A128CBC-HS256`, if they are at all.")      \
    X("authorization_servers", "The issuer of the access tokens that this API takes.")                                 \
    X("authorization_signed_response_alg", "The algorithm that authorization responses as a JWT (JARM) are signed "    \
                                           "with. Default `RS256`, of FAPI clients `PS256`.")                          \
    X("backchannel_authentication_request_signing_alg",                                                                \
      "The algorithm with which the client signs its CIBA requests, which then come in `request` alone. Absent: "      \
      "unsigned.")                                                                                                     \
    X("backchannel_client_notification_endpoint",                                                                      \
      "Where the server tells the client that the person decided; needed for `ping` and `push`, and for these only.")  \
    X("backchannel_logout_session_required", "Whether the client wants `sid` in logout tokens, which have it always.") \
    X("backchannel_logout_uri",                                                                                        \
      "Where the server posts a logout token when a session of the client's ended. Absent: it is not told so.")        \
    X("backchannel_token_delivery_mode",                                                                               \
      "How the client learns of the person's decision (CIBA): it polls, is pinged, or has the tokens pushed.")         \
    X("bearer_methods_supported", "How this API takes access tokens: in the `Authorization` header.")                  \
    X("before", "Tokens of `client_id` with an `iat` below this are refused; in seconds since 1970.")                  \
    X("before_us", "Sessions of `person` that began before this have to end; in microseconds since 1970.")             \
    X("binding_message", "A message that the person sees on the page and can compare with what the client shows.")     \
    X("birthdate",                                                                                                     \
      "The person's birthday (claim of OpenID Connect). Absent without the scope or claim, or if it is not known.")    \
    X("branding",                                                                                                      \
      "How the partner's pages and mails look and speak; `{}` if nothing was said. Sent, it replaces all of it.")      \
    X("broken_at", "The number of the first link that does not fit. Absent if the chain is whole.")                    \
    X("challenge", "The mailed code that the link is about, as the link has it.")                                      \
    X("choice", "What the person pressed: `link`, `skip`, `sign_in` or `separate` (an account of its own).")           \
    X("client", "The client, by its `client_id`; in a path, its `id`.")                                                \
    X("client_data", "What the browser signed for the authenticator (`clientDataJSON` of WebAuthn), in base64url.")    \
    X("client_id", "The client, by its id of OAuth 2.0.")                                                              \
    X("client_id_issued_at", "When the client registered, in seconds since 1970.")                                     \
    X("client_metadata_endpoint", "Where the browser reads what it shows of a client (FedCM).")                        \
    X("client_name", "The name of the client that people are shown. Default `Unnamed client`.")                        \
    X("client_notification_token", "The bearer token with which the server calls the client's notification endpoint; " \
                                   "needed for `ping` and `push`.")                                                    \
    X("client_secret_expires_at", "When the secret ends: 0, since it does not. Only with `client_secret`.")            \
    X("client_uri", "The client's home page; people are led there after a log-out.")                                   \
    X("clients", "How many clients are enabled.")                                                                      \
    X("cnf",                                                                                                           \
      "The key that the token is bound to: `jkt` (DPoP) or `x5t#S256` (TLS certificate). Absent: a bearer token.")     \
    X("code", "What went wrong, as a word for programs; new words may come.")                                          \
    X("code_challenge",                                                                                                \
      "The SHA-256 of the PKCE verifier, in base64url; the verifier is needed to redeem the authorization code.")      \
    X("code_challenge_method", "How `code_challenge` is made of the verifier. Default `S256`, and there is no other.") \
    X("code_expires_at", "When the mailed code ends.")                                                                 \
    X("code_expires_in", "Seconds that a code lives from its mailing. Absent if a page is needed.")                    \
    X("code_sent_at", "When the last code was mailed.")                                                                \
    X("code_verifier", "The PKCE verifier of the authorization request. Needed if that had a `code_challenge`.")       \
    X("contacts", "E-mail addresses of people who are responsible for the client.")                                    \
    X("created_at", "When it was created.")                                                                            \
    X("csrf", "The token of the form that was shown, against requests forged elsewhere.")                              \
    X("current", "The password that the account has now.")                                                             \
    X("cursor", "Where to go on: `next_cursor` of the page before. Default: the first page.")                          \
    X("data", "The objects of this page.")                                                                             \
    X("decision", "What the person pressed: `allow`, or else nothing is allowed.")                                     \
    X("decline_code", "Why the acquirer declined, as a word (payment API).")                                           \
    X("default_acr_values", "The levels of log-in that are wished for when a request has no `acr_values`.")            \
    X("default_max_age", "How old a log-in may be, in seconds, when a request has no `max_age`. Absent: any age.")     \
    X("delete_admin_v1_exchange_rules_client_tokens_of.client",                                                        \
      "The client that may exchange the tokens of `tokens_of`.")                                                       \
    X("delete_admin_v1_initial_access_tokens_token.token", "The initial access token, by its `id`.")                   \
    X("delete_admin_v1_scopes_scope.scope", "The scope, one word.")                                                    \
    X("delete_register_client.client", "The `client_id` of the client whose registration access token is presented.")  \
    X("description", "What went wrong, for developers. Absent if the word says all.")                                  \
    X("detail", "What went wrong this time, for developers.")                                                          \
    X("device_code", "The secret with which the device asks for its tokens at `/token` (RFC 8628).")                   \
    X("disabled_at", "When the account was disabled. Absent if it is enabled.")                                        \
    X("disclosure_shown_for", "What the browser said that the client will learn, by commas. With `email`, a verified " \
                              "client needs no consent page for `openid email`.")                                      \
    X("disconnect_endpoint", "Where a page withdraws what its client was allowed (FedCM).")                            \
    X("done",                                                                                                          \
      "What was just changed, for a word on the page: `password`, `passkey`, `passkey_removed` or `totp_removed`.")    \
    X("dpop_bound_access_tokens",                                                                                      \
      "Whether `/token` wants a DPoP proof of the client in each request, so that all tokens are bound to its key.")   \
    X("due_at", "When the next attempt is due, while `state` is `pending`.")                                           \
    X("email_domains", "Domains of the partner's e-mail addresses, separated by spaces: who has one may be sent to "   \
                       "it, and `settings` can rely on them.")                                                         \
    X("email_verified", "Whether the address is known to be the person's.")                                            \
    X("emergency", "Whether the next key signs at once, even if it was published too recently for caches to know it. " \
                   "Default `false`.")                                                                                 \
    X("ended", "How many sessions ended.")                                                                             \
    X("ended_at", "When the key ended: its time was over, or it was revoked. Absent before that.")                     \
    X("error", "What went wrong, as a word of OAuth 2.0.")                                                             \
    X("error_description", "What went wrong, for developers.")                                                         \
    X("exp", "When the token ends, in seconds since 1970.")                                                            \
    X("expire_old_in", "Seconds for which the old secret still counts, a week at most. Default 0: it ends at once.")   \
    X("failed", "How the attempt before failed: `passkey`. Absent: there was none.")                                   \
    X("family_name",                                                                                                   \
      "The person's last name (claim of OpenID Connect). Absent without the scope or claim, or if it is not known.")   \
    X("fapi_profile", "Which rules of FAPI 2.0 the client is held to. Default `none`.")                                \
    X("file", "The name of the file, as `sheet`, `logo` or `logo_dark` of the branding has it.")                       \
    X("first", "If given, the log-in begins with the first factor, although a second one would do.")                   \
    X("first_party", "Whether the client is the operator's own: ordinary requests ask people for no consent. Default " \
                     "when sent: `false`.")                                                                            \
    X("flow", "The log-in under way in this browser that the page belongs to.")                                        \
    X("flows_open", "How many log-ins are under way.")                                                                 \
    X("frontchannel_logout_session_required",                                                                          \
      "Whether the client wants `iss` and `sid` with its front-channel log-out (OpenID Connect).")                     \
    X("frontchannel_logout_uri",                                                                                       \
      "What the page after a log-out loads in a frame, so that the client's own session ends. Absent: nothing.")       \
    X("gender",                                                                                                        \
      "The person's gender (claim of OpenID Connect). Absent without the scope or claim, or if it is not known.")      \
    X("get_admin_v1_assertion_issuers_issuer.issuer", "The issuer, by its `id`.")                                      \
    X("get_admin_v1_audit.action", "Only entries of this action, for example `client.created`. Default: all.")         \
    X("get_admin_v1_audit.actor", "Only entries of this actor, as they show it. Default: all.")                        \
    X("get_admin_v1_audit.object",                                                                                     \
      "In the query: only entries about this (their `target`). In the answer: always `list`.")                         \
    X("get_admin_v1_users.query",                                                                                      \
      "Only the account with this id, or those with this in name, e-mail address or log-in name. Default: all.")       \
    X("get_admin_v1_users.role", "Only accounts with this role. Default: all.")                                        \
    X("get_admin_v1_users.status", "Only accounts that are `enabled`, or `disabled`. Default: all.")                   \
    X("get_approve_id.id", "The request that waits for the person, as the mailed link has it.")                        \
    X("get_assets_name.name", "The name of the file, with a digest of its content, as our pages have it.")             \
    X("get_cb_slug.code", "The partner's authorization code. Absent if the log-in there failed.")                      \
    X("get_cb_slug.error", "Why the log-in at the partner failed, in the partner's word. Absent if it did not.")       \
    X("get_cb_slug.iss",                                                                                               \
      "The issuer that answers, against mix-ups (RFC 9207). Absent if the partner does not send it.")                  \
    X("get_cb_slug.state", "The `state` of our request to the partner; it works once and in the same browser.")        \
    X("get_cb_slug_jwks_json.keys",                                                                                    \
      "Our keys that sign, and the one to which this partner encrypts ID tokens, if it does.")                         \
    X("get_cb_slug_logged_out.state",                                                                                  \
      "The `state` of our log-out request to the partner; it works once and in the same browser.")                     \
    X("get_continue_id.id", "The log-in under way that is to lead back to the application.")                           \
    X("get_device.user_code",                                                                                          \
      "Fills in the field of the page; nothing is decided by that. Default: the field is empty.")                      \
    X("get_healthz.status", "Always `ok`: the server runs.")                                                           \
    X("get_link_undo.token", "Proof that the link came with the mail about a new identity; it counts for a day.")      \
    X("get_logout.client_id", "The application that asks. Default: that of `id_token_hint`, which it has to match.")   \
    X("get_logout.csrf", "Does not count here: of the form that `POST /logout` takes.")                                \
    X("get_logout.decision", "Does not count here: of the form that `POST /logout` takes.")                            \
    X("get_logout.flow", "Does not count here: of the form that `POST /logout` takes.")                                \
    X("get_partner_logout.client_id",                                                                                  \
      "The application that asks. Default: that of `id_token_hint`, which it has to match.")                           \
    X("get_partner_logout.csrf", "Does not count here: of the form that `POST /logout` takes.")                        \
    X("get_partner_logout.decision", "Does not count here: of the form that `POST /logout` takes.")                    \
    X("get_partner_logout.flow", "Does not count here: of the form that `POST /logout` takes.")                        \
    X("get_readyz.status", "Always `ready`: all that the server needs is usable; otherwise the answer is 503.")        \
    X("given_name",                                                                                                    \
      "The person's first name (claim of OpenID Connect). Absent without the scope or claim, or if it is not known.")  \
    X("grant", "The grant (`gr_...`).")                                                                                \
    X("grant_types",                                                                                                   \
      "The grants of OAuth 2.0 that the client may use. Default `authorization_code`, or what `response_types` need.") \
    X("granted_at", "When the person allowed it.")                                                                     \
    X("grants", "How many grants are live.")                                                                           \
    X("has_client_secret", "Whether the client has a secret.")                                                         \
    X("has_more", "Whether there is another page; `next_cursor` leads to it.")                                         \
    X("has_password", "Whether the account can be logged in to with a password.")                                      \
    X("head_hash",                                                                                                     \
      "The hash of the last link that was read, in hexadecimal; keep it elsewhere to notice a shortened log.")         \
    X("head_seq", "The number of the last link that was read.")                                                        \
    X("host", "The host name of the partner's own under which its pages are served. Null: none; sent empty, it is "    \
              "taken away.")                                                                                           \
    X("hours", "How many hours the token counts. Default 24.")                                                         \
    X("iat", "When the token was issued, in seconds since 1970. Absent for refresh tokens.")                           \
    X("icons", "The logo of the partner's branding. Absent if there is none that is square.")                          \
    X("id_assertion_endpoint", "Where the browser asks for the code for a page (FedCM).")                              \
    X("id_token", "The ID token (OpenID Connect). Absent without the scope `openid`, and for grants that give none.")  \
    X("id_token_encrypted_response_alg",                                                                               \
      "How the key of encrypted ID tokens is encrypted. Absent: they are not encrypted.")                              \
    X("id_token_encrypted_response_enc",                                                                               \
      "How encrypted ID tokens are encrypted. Absent: `A128CBC-HS256`, if they are at all.")                           \
    X("id_token_hint", "An ID token issued here, expired or not: whose log-out it is, and which application asks. "    \
                       "Without it the person is asked first.")                                                        \
    X("id_token_signed_response_alg",                                                                                  \
      "The algorithm that ID tokens are signed with. Default `RS256`, of FAPI clients `PS256`.")                       \
    X("identity", "The identity, by its `id`.")                                                                        \
    X("initiate_login_uri",                                                                                            \
      "Where our pages send somebody whose log-in expired, so that it begins anew at the client.")                     \
    X("interval", "Seconds to wait between two requests at `/token`.")                                                 \
    X("introspection_encrypted_response_alg",                                                                          \
      "How the key of encrypted introspection answers is encrypted. Absent: they are not encrypted.")                  \
    X("introspection_encrypted_response_enc",                                                                          \
      "How encrypted introspection answers are encrypted. Absent: `A128CBC-HS256`, if they are at all.")               \
    X("introspection_signed_response_alg",                                                                             \
      "The algorithm that introspection answers as a JWT are signed with. Default `RS256`, of FAPI clients `PS256`.")  \
    X("is_chained", "Whether the entry is a link of the chain already; a job does that soon after.")                   \
    X("is_whole", "Whether every link fits the one before it and its entry.")                                          \
    X("iss", "The issuer of the token: this server.")                                                                  \
    X("issued_token_type", "The type of the token that was issued (RFC 8693). Only by token exchange.")                \
    X("issuer", "The issuer: its `id`, or its URL where that fits.")                                                   \
    X("jti", "The id of the access token. Absent for refresh tokens.")                                                 \
    X("jwks", "The client's public keys, as a JWK set. Absent: none, or those at `jwks_uri`.")                         \
    X("jwks_uri", "Where the client publishes its public keys. Absent: none, or those in `jwks`.")                     \
    X("key", "Proof that the link was mailed by this server, as the link has it.")                                     \
    X("keys", "The public keys of this server, as RFC 7517 has them.")                                                 \
    X("kid", "The name of the key, as `kid` in the key set.")                                                          \
    X("last_login_at", "When the person last came through this identity.")                                             \
    X("last_seen_at", "When the session was last used in the browser.")                                                \
    X("limit", "How many objects a page has at most. Default 20.")                                                     \
    X("linked_at", "When the identity became part of the account.")                                                    \
    X("links", "How many links of the chain were read.")                                                               \
    X("locale",                                                                                                        \
      "The person's language, as a tag of BCP 47. Absent without the scope or claim, or if it is not known.")          \
    X("login", "The e-mail address that the account logs in with, in lower case. Null if only partners lead to it.")   \
    X("login_hint",                                                                                                    \
      "Whom to ask: the address that the account logs in with, or its id (`usr_...`). Exactly one hint is needed.")    \
    X("login_hint_token", "Whom to ask: an assertion of an issuer that the operator trusts, which is not used up by "  \
                          "it. Exactly one hint is needed.")                                                           \
    X("login_url", "Where the browser sends somebody who has to log in (FedCM).")                                      \
    X("logo", "The path of the logo. Null if there is none.")                                                          \
    X("logo_dark", "The path of the logo for dark pages. Null if there is none of its own.")                           \
    X("logo_uri", "The client's logo, shown on our pages.")                                                            \
    X("logout_hint", "Who leaves: e-mail address, `sub` or `sid`. If it speaks of somebody else than is logged in "    \
                     "here, the person is asked first.")                                                               \
    X("logout_token",                                                                                                  \
      "The partner's signed word that a log-in ended there (OpenID Connect Back-Channel Logout); it works once.")      \
    X("manages_itself", "Whether the client can change its own registration (RFC 7592).")                              \
    X("metadata", "What the client registered, a document of RFC 7591. Sent, it replaces the whole; members left out " \
                  "get their defaults.")                                                                               \
    X("middle_name",                                                                                                   \
      "The person's middle name (claim of OpenID Connect). Absent without the scope or claim, or if it is not known.") \
    X("more", "Whether more ended than fits here: ask again at once with `cursor`.")                                   \
    X("moved", "How many identities were moved.")                                                                      \
    X("name", "The person's name, as people are shown it.")                                                            \
    X("next_cursor", "What to send as `cursor` for the next page. Null if this is the last one.")                      \
    X("nickname",                                                                                                      \
      "The person's casual name (claim of OpenID Connect). Absent without the scope or claim, or if it is not known.") \
    X("nonce", "A value that the ID token repeats, so that it is known to belong to this request. Default: none.")     \
    X("object", "What kind of object this is: always the same word.")                                                  \
    X("open", "Whether clients that no operator registered may ask for the scope, too.")                               \
    X("otp", "The mailed code as the person typed it; spaces and hyphens do not count. It comes with `auth_session`.") \
    X("param", "The field that is at fault, with a path to it. Absent if it is no single one.")                        \
    X("params", "The parameters of an authorization request as a JSON object of strings; `code_challenge` is needed.") \
    X("partner", "The partner, by its `slug`.")                                                                        \
    X("partners", "How many partners are connected.")                                                                  \
    X("password", "The new password.")                                                                                 \
    X("password_expired", "Whether the password leads to nothing but a mailed code for a new one.")                    \
    X("patch_admin_v1_clients_client.status",                                                                          \
      "`disabled` ends at once what the client holds; `enabled` lets it be used again. Not sent: as it is.")           \
    X("patch_admin_v1_clients_client.verified",                                                                        \
      "Whether the operator checked the client, which the consent page tells people. Not sent: as it is.")             \
    X("patch_admin_v1_users_user.email",                                                                               \
      "A new e-mail address, which counts as not verified; `login` stays. Not sent: as it is.")                        \
    X("patch_admin_v1_users_user.password_expired",                                                                    \
      "Whether the password shall lead to nothing but a mailed code for a new one. Not sent: as it is.")               \
    X("patch_admin_v1_users_user.role",                                                                                \
      "What the person may do from now on: `user`, `operator`, `admin` or `accountant`. Not sent: as it is.")          \
    X("patch_admin_v1_users_user.status",                                                                              \
      "`disabled` ends at once what the account holds; `enabled` lets it log in again. Not sent: as it is.")           \
    X("payment", "The payment that this is about (payment API).")                                                      \
    X("person",                                                                                                        \
      "One of the operator's people, by the `sub` of the asking client: sessions of before `before_us` have to end.")  \
    X("phone_number", "The person's telephone number (claim of OpenID Connect). Absent without the scope or claim, "   \
                      "or if it is not known.")                                                                        \
    X("phone_number_verified",                                                                                         \
      "Whether `phone_number` is known to be the person's. Absent without the scope or claim, or if it is not known.") \
    X("picture", "The URL of a picture of the person. Absent without the scope or claim, or if it is not known.")      \
    X("policy_uri", "The client's page about how it uses personal data; our pages lead to it.")                        \
    X("post_account_apps_end.id", "The `client_id` of the application whose consent and tokens are to end.")           \
    X("post_account_partners_unlink.id", "The identity at a partner that is to be unlinked.")                          \
    X("post_account_passkeys.id", "The id that the authenticator gave the new credential (WebAuthn), in base64url.")   \
    X("post_account_passkeys.name", "What the person calls the passkey, to tell it from others.")                      \
    X("post_account_passkeys_remove.id", "The credential id of the passkey that is to be removed, in base64url.")      \
    X("post_account_sessions_end.id", "The session (its `sid`) that is to end.")                                       \
    X("post_account_totp.code", "The code that the authenticator app shows, six digits.")                              \
    X("post_admin_v1_clients.client_id",                                                                               \
      "The id that the client gets; only the operator may choose it. Default: a random one.")                          \
    X("post_admin_v1_keys_rotate.alg", "Only the keys of this algorithm. Default: those of all.")                      \
    X("post_admin_v1_logouts_retry.client", "The application whose log-outs that did not go through are sent again.")  \
    X("post_admin_v1_partners_partner_identities_move.to",                                                             \
      "The partner that the identities go to, by its `slug`; it may be the same one.")                                 \
    X("post_admin_v1_resources.scopes",                                                                                \
      "The scopes to add to the API, separated by spaces; those that belong to an API already stay there.")            \
    X("post_admin_v1_users.email", "The e-mail address of the new account, with which it also logs in.")               \
    X("post_admin_v1_users.password", "The password of the new account, 8 to 256 characters.")                         \
    X("post_admin_v1_users.role",                                                                                      \
      "What the person may do: `user` (the default), `operator`, `admin` or `accountant`.")                            \
    X("post_authorization_challenge.auth_session",                                                                     \
      "The `auth_session` of the last answer, together with `otp` or `resend`. Absent: the first request.")            \
    X("post_authorization_challenge.name",                                                                             \
      "The person's name, if an account is opened. Default: the address up to its `@`.")                               \
    X("post_bc_authorize.authorization_details", "What the person is asked to allow in detail: a JSON array as RFC "   \
                                                 "9396 has it. Default: nothing beyond `scope`.")                      \
    X("post_bc_authorize.expires_in", "Seconds until `auth_req_id` ends.")                                             \
    X("post_bc_authorize.id_token_hint",                                                                               \
      "An ID token that this client got here, expired or not: its person is asked. Exactly one hint is needed.")       \
    X("post_bc_authorize.interval",                                                                                    \
      "Seconds to wait between two requests at `/token`. Absent if the tokens are pushed.")                            \
    X("post_bc_authorize.scope",                                                                                       \
      "The scopes that the person is asked for, separated by spaces; needed, with `openid`, here or in `request`.")    \
    X("post_bc_authorize.user_code", "A secret of the person's, which is not offered here: it has to be left out.")    \
    X("post_device_authorization.authorization_details", "What the person is asked to allow in detail: a JSON array "  \
                                                         "as RFC 9396 has it. Default: nothing beyond `scope`.")       \
    X("post_device_authorization.scope", "The scopes that the person is asked for, separated by spaces; needed.")      \
    X("post_fedcm_assertion.account_id",                                                                               \
      "The account that the person chose, by its id at `/fedcm/accounts`; it has to be the one of the session.")       \
    X("post_fedcm_assertion.error", "Why there is no code, as FedCM has it.")                                          \
    X("post_fedcm_assertion.error.code", "What went wrong, as a word of the authorization endpoint.")                  \
    X("post_fedcm_assertion.nonce", "A value that the ID token repeats, unless `params` has a `nonce` of its own.")    \
    X("post_fedcm_assertion.token",                                                                                    \
      "A JSON text for the page: `code`, `state`, `session_state` and `iss`, as in an authorization response.")        \
    X("post_link_undo.token", "Proof that the link came with the mail about a new identity; it counts for a day.")     \
    X("post_login.email", "The e-mail address that the person logs in with.")                                          \
    X("post_login.password", "The password of the account.")                                                           \
    X("post_login_enrol.code",                                                                                         \
      "The code that the new authenticator app shows. Absent: the person adds none and goes back to the application.") \
    X("post_login_home.email", "The address whose domain says at which partner the person logs in.")                   \
    X("post_login_passkey.id", "The credential id of the passkey that signed (WebAuthn), in base64url.")               \
    X("post_login_second.code", "A code of the authenticator app, or a recovery code.")                                \
    X("post_logout.client_id", "The application that asks. Default: that of `id_token_hint`, which it has to match.")  \
    X("post_logout.csrf", "With `decision`: the token of the form that was shown. An application sends none.")         \
    X("post_logout.decision", "What the person answered: `logout`, `both` (at the partner, too), or else to stay. "    \
                              "Absent: an application asks.")                                                          \
    X("post_logout.flow",                                                                                              \
      "With `decision`: what the form that was shown carries, sealed: who asked, and where the browser goes on.")      \
    X("post_logout_redirect_uri",                                                                                      \
      "Where the browser goes after the log-out: one of the client's registered URIs. Default: it stays on our page.") \
    X("post_logout_redirect_uris", "Where `/logout` may send the browser afterwards; compared byte for byte.")         \
    X("post_par.expires_in", "Seconds until `request_uri` ends.")                                                      \
    X("post_partner_v1_users.name", "The person's name, if an account is opened. Default: the address up to its `@`.") \
    X("post_partner_v1_users.redirect_uri",                                                                            \
      "One of the client's redirect URIs, for which the code counts; nobody is sent there. Default: the first one.")   \
    X("post_partner_v1_users.request_id",                                                                              \
      "An id of yours: the same one again gives the same registration and no further mail. Default: none.")            \
    X("post_partner_v1_users.scope", "The scopes that the code is for, separated by spaces. Default `openid email`.")  \
    X("post_recover.email", "The address of the account whose password was forgotten; the code is mailed there.")      \
    X("post_recover_code.code", "The eight digits that were mailed, as typed; spaces and hyphens do not count.")       \
    X("post_revocations.cursor",                                                                                       \
      "Where to go on: send the one of the last answer. Sent none: the entries of the last day.")                      \
    X("post_sign_up.email", "The address of the new account; the code is mailed there.")                               \
    X("post_sign_up_code.code", "The eight digits that were mailed, as typed; spaces and hyphens do not count.")       \
    X("post_sign_up_code.password", "The password of the new account.")                                                \
    X("post_token.audience", "The API that the new token is for, or the issuer of the client's own partner for its "   \
                             "token. Default: that of `subject_token`.")                                               \
    X("post_token.authorization_details", "Which of the granted details the token shall have: a JSON array (RFC "      \
                                          "9396). Default: all that concern its audience.")                            \
    X("post_token.code", "The authorization code; it works once.")                                                     \
    X("post_token.refresh_token", "The refresh token of the last answer.")                                             \
    X("post_token.scope", "The scopes wanted, separated by spaces, within what may be given. Default: all of it "      \
                          "(`assertion`: what it names).")                                                             \
    X("preferred_username",                                                                                            \
      "The name by which the person wants to be called. Absent without the scope or claim, or if it is not known.")    \
    X("privacy_policy_url", "The client's page about how it uses personal data. Absent if it registered none.")        \
    X("profile", "The URL of the person's profile page. Absent without the scope or claim, or if it is not known.")    \
    X("provider_urls", "The address of the FedCM configuration.")                                                      \
    X("published_at", "When the key came into the key set.")                                                           \
    X("put_admin_v1_assertion_issuers_issuer.issuer", "The issuer, by its `id`.")                                      \
    X("query", "Only clients with this `client_id`, or with this in their names. Default: all.")                       \
    X("redirect_uri", "The redirect URI of the authorization request; if it is sent, it has to be the same.")          \
    X("redirect_uris",                                                                                                 \
      "Where authorization responses may go; compared byte for byte, but for the port of a loopback address.")         \
    X("refresh_token", "The refresh token. Absent if the client may not use one, or the grant gives none.")            \
    X("refresh_token_ttl", "Seconds that its grants and their refresh tokens live; only the operator gives it. "       \
                           "Absent: the server's configured life.")                                                    \
    X("registration", "The registration, by its `id`.")                                                                \
    X("registration_access_token",                                                                                     \
      "The bearer token with which the client reads, changes and ends its registration; each change gives a new one.") \
    X("registration_client_uri", "Where the client reads, changes and ends its registration.")                         \
    X("renew", "If given, the page says that the operator wants the person to choose another password.")               \
    X("request", "All other parameters, inside a JWT that the client signed; for clients that registered an "          \
                 "algorithm for it, and then needed.")                                                                 \
    X("request_id", "The id of this request, for questions about it. Absent if the request has none.")                 \
    X("request_object_encryption_alg",                                                                                 \
      "How the key of encrypted request objects is encrypted. Absent: any way that the server offers.")                \
    X("request_object_encryption_enc",                                                                                 \
      "How encrypted request objects are encrypted. Absent: any way that the server offers.")                          \
    X("request_object_signing_alg", "The algorithm that the client signs request objects with. Absent: any.")          \
    X("request_uri",                                                                                                   \
      "What the client sends the browser to the authorization endpoint with, in place of the pushed request.")         \
    X("request_uris", "The URLs at which the client keeps request objects; no others are fetched.")                    \
    X("requested_expiry",                                                                                              \
      "For how many seconds the request shall wait for the person. Default, and most: the server's setting.")          \
    X("requested_token_type", "The type of token that is wanted; only access tokens are given, which is the default.") \
    X("require_auth_time", "Whether the client wants `auth_time` in ID tokens, which have it always.")                 \
    X("require_pkce", "Whether codes need PKCE. Default `true` for public clients, FAPI, and those without the scope " \
                      "`openid`, else `false`.")                                                                       \
    X("require_pushed_authorization_requests",                                                                         \
      "Whether the client has to push its authorization requests (RFC 9126).")                                         \
    X("require_signed_request_object", "Whether the client has to sign its authorization requests.")                   \
    X("resend", "If given, with `auth_session`: another code is mailed, and the one before is dead.")                  \
    X("resend_after", "Seconds after which another code may be asked for. Absent if a page is needed.")                \
    X("resource", "The API that the token is for (RFC 8707), by its URL; needed if the scopes belong to several.")     \
    X("resource_name", "The name of this API for people.")                                                             \
    X("resource_server", "The API that the client is the server of, by its audience: it may see and exchange its "     \
                         "tokens. Null, or not sent: none.")                                                           \
    X("resources", "How many APIs are registered.")                                                                    \
    X("response_types",                                                                                                \
      "The kinds of authorization response that the client may ask for. Default `code`, if it has that grant.")        \
    X("retiring_at", "When the next key took over. Absent before that.")                                               \
    X("retried", "How many log-outs are sent again.")                                                                  \
    X("retryable", "Whether the same request may succeed later, after `Retry-After` where there is one.")              \
    X("revoked", "What ended since `cursor` and could still be presented.")                                            \
    X("revoked_at", "When the grant was revoked. Absent if it was not.")                                               \
    X("revoked_why",                                                                                                   \
      "Why the grant was revoked, as a word, for example `logout` or `operator`. Absent if it was not.")               \
    X("role", "What the person may do: `user`, `operator` (looks at administration), `admin` (acts) or `accountant`.") \
    X("rules", "What a detail of this type has to be like, a part of JSON Schema. With `sentence`; types that Stoa "   \
               "brings need neither.")                                                                                 \
    X("scopes", "The scopes that belong to the API.")                                                                  \
    X("scopes_added", "How many scopes are new.")                                                                      \
    X("scopes_supported", "The scopes of this API.")                                                                   \
    X("sector_identifier_uri", "A document that lists all redirect URIs; its host is the sector of pairwise "          \
                               "subjects. Absent: the host of the redirect URIs.")                                     \
    X("sentence",                                                                                                      \
      "What people read instead of JSON, with members in braces: `{payee}`, `{amount:currency}`. With `rules`.")       \
    X("session", "The session, by its `id` (`sid` in ID tokens).")                                                     \
    X("sessions", "How many sessions are live.")                                                                       \
    X("settings",                                                                                                      \
      "How log-in with the partner works; `{}` is OpenID Connect with all defaults. Sent, it replaces all of it.")     \
    X("sheet", "The path of the style sheet made of the branding. Null if nothing was said.")                          \
    X("sid", "The session of the log-in, as `sid` in ID tokens. Only of access tokens of a person.")                   \
    X("signature", "What the passkey signed (WebAuthn), in base64url.")                                                \
    X("since", "Only entries from then on: a time, or how long ago (`15m`, `24h`, `7d`). Default: from the first.")    \
    X("size", "The width, and the height, of the picture in pixels.")                                                  \
    X("slug", "The partner, by its `slug`.")                                                                           \
    X("software_id", "Names the software that the client is an instance of (RFC 7591).")                               \
    X("software_statement",                                                                                            \
      "The signed statement about the software (RFC 7591) with which the client registered. Absent: without one.")     \
    X("software_statements", "Whether the issuer may vouch for software that registers. Default when sent: `false`.")  \
    X("software_version", "The version of the software that the client is an instance of (RFC 7591).")                 \
    X("state", "Comes back unchanged with the redirect to `post_logout_redirect_uri`. Default: none.")                 \
    X("status", "The HTTP status.")                                                                                    \
    X("subject", "Who the person is at the issuer: `sub` of its assertions.")                                          \
    X("subject_token", "The live token of a person in whose place a new one is wanted.")                               \
    X("subject_token_type", "The type of `subject_token`, an access token or an ID token.")                            \
    X("subject_type", "Whether all clients see the same `sub` of a person (`public`, the default) or each sector its " \
                      "own (`pairwise`).")                                                                             \
    X("subjects",                                                                                                      \
      "The old subjects at this partner, each with the new one at `to`; at most 1000. All are moved or none.")         \
    X("target", "What it was done to, for example the id of an account, client or session.")                           \
    X("terms_of_service_url", "The client's terms of service. Absent if it registered none.")                          \
    X("then", "The path of the page to go back to.")                                                                   \
    X("ticket", "Names the code that was mailed, as the page that asked for it has it.")                               \
    X("title", "What went wrong, in one sentence that is the same for each `code`.")                                   \
    X("tls_client_auth_san_dns",                                                                                       \
      "The DNS name in the client's certificate. One of the five names is needed with `tls_client_auth`.")             \
    X("tls_client_auth_san_email",                                                                                     \
      "The e-mail address in the client's certificate. One of the five names is needed with `tls_client_auth`.")       \
    X("tls_client_auth_san_ip",                                                                                        \
      "The IP address in the client's certificate. One of the five names is needed with `tls_client_auth`.")           \
    X("tls_client_auth_san_uri",                                                                                       \
      "The URI in the client's certificate. One of the five names is needed with `tls_client_auth`.")                  \
    X("tls_client_auth_subject_dn",                                                                                    \
      "The subject of the client's certificate (RFC 4514). One of the five names is needed with `tls_client_auth`.")   \
    X("tls_client_certificate_bound_access_tokens",                                                                    \
      "Whether access tokens are bound to the client's TLS certificate (RFC 8705).")                                   \
    X("to", "The language from now on in this log-in, one of `ui_locales_supported`.")                                 \
    X("token", "The token: an access token or a refresh token.")                                                       \
    X("token_endpoint_auth_method", "How the client proves who it is. Default `client_secret_basic`.")                 \
    X("token_endpoint_auth_signing_alg",                                                                               \
      "The algorithm that the client signs its assertions with. Absent: any that its method allows.")                  \
    X("token_type", "How the token is presented: `Bearer`, or `DPoP` with a proof.")                                   \
    X("token_type_hint",                                                                                               \
      "What kind of token it may be (RFC 7009); it is taken and not needed, since the token shows its kind.")          \
    X("tokens_of", "The client whose tokens `client` may exchange.")                                                   \
    X("tos_uri", "The client's terms of service; our pages lead to them.")                                             \
    X("type", "The type of details, by its `id`.")                                                                     \
    X("ui_locales", "The languages that the page shall have, as tags in the order of preference. Default: by the "     \
                    "person and the browser.")                                                                         \
    X("until", "Only entries before then: a time, or how long ago (`15m`, `24h`, `7d`). Default: to the last.")        \
    X("updated_at", "When it was last changed.")                                                                       \
    X("url", "Where the picture is.")                                                                                  \
    X("user", "The account (`usr_...`); in a path, the address that it logs in with will do as well.")                 \
    X("user_code", "The code that a device shows, as the person types it; case and separators do not count.")          \
    X("user_handle", "Whose passkey it is: the account id that the authenticator keeps (WebAuthn), in base64url.")     \
    X("userinfo_encrypted_response_alg",                                                                               \
      "How the key of encrypted answers of `/userinfo` is encrypted. Absent: they are not encrypted.")                 \
    X("userinfo_encrypted_response_enc",                                                                               \
      "How encrypted answers of `/userinfo` are encrypted. Absent: `A128CBC-HS256`, if they are at all.")              \
    X("userinfo_signed_response_alg",                                                                                  \
      "The algorithm that answers of `/userinfo` are signed with. Absent: they are JSON, unless they are encrypted.")  \
    X("users", "How many accounts are enabled.")                                                                       \
    X("users_disabled", "How many accounts are disabled.")                                                             \
    X("uses", "How many clients may register with the token. Default 1.")                                              \
    X("uses_left", "How many clients may still register with the token.")                                              \
    X("verification_uri", "Where the person types `user_code`.")                                                       \
    X("verification_uri_complete",                                                                                     \
      "The same address with the code in it, for example as a QR code; it fills the field in and decides nothing.")    \
    X("verified",                                                                                                      \
      "Whether the operator checked the client, which the consent page tells people. Default when sent: `false`.")     \
    X("version", "The version, as in the `ETag`; `PUT` and `PATCH` want it in `If-Match`.")                            \
    X("website", "The URL of the person's web page. Absent without the scope or claim, or if it is not known.")        \
    X("why", "Why the last attempt failed, or the log-out was refused. Null if nothing failed.")                       \
    X("withdrawal", "The number of a consent that its person took back, or that ended with the account.")              \
    X("withdrawn_at", "When the consent was taken back, in seconds since 1970. Only with `withdrawal`.")               \
    X("zoneinfo",                                                                                                      \
      "The person's time zone, such as `Europe/Berlin`. Absent without the scope or claim, or if it is not known.")
