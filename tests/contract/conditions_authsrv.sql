-- What conditions_authsrv.txt speaks of: of everything one that is good, and others' beside it. Written without foreign keys and triggers.
set session_replication_role = replica;
set search_path to auth;

insert into partner (slug, name, issuer, client_id, settings, host, created_at)
values ('p', 'P', 'https://p.example', 'stoa', '{"keep_tokens": true}', 'p.example', now()), ('q', 'Q', 'https://q.example', 'stoa', '{}', null, now());
insert into users (id, login, password_hash, role, name, email, email_verified, cred_changed_at, created_at, updated_at)
values ('usr_a', 'a@a.example', 'hash', 'user', 'A', 'a@a.example', true, 'epoch', now(), now()),
       ('usr_b', 'b@b.example', 'hash', 'user', 'B', 'b@b.example', true, 'epoch', now(), now()),
       ('usr_p', null, null, 'user', 'P', 'p@p.example', true, 'epoch', now(), now()),
       ('usr_off', 'off@a.example', 'hash', 'user', 'Off', null, false, 'epoch', now(), now());
update users set disabled_at = now() where id = 'usr_off';
insert into identity (issuer, subject, user_id, partner, id, linked_at, last_login_at, undo_hash, undo_until)
values ('https://p.example', 'one', 'usr_p', 'p', 'idn_p', now(), now(), null, null),
       ('https://q.example', 'two', 'usr_a', 'q', 'idn_a', now(), now(), public.h('undo'), now() + interval '1 hour'),
       ('https://q.example', 'three', 'usr_b', 'q', 'idn_b', now(), now(), public.h('undone'), now() + interval '1 hour');
insert into client (id, metadata, secret_hash, registration_hash, partner, challenge, created_at, updated_at)
values ('c', '{"client_name": "C", "token_endpoint_auth_method": "client_secret_basic", "backchannel_logout_uri": "https://c.example"}',
        public.h('secret'), public.h('registration'), 'p', 'register', now(), now()),
       ('d', '{"client_name": "D", "token_endpoint_auth_method": "none"}', null, null, null, 'off', now(), now());
insert into client (id, metadata, created_at, updated_at, document_at)
values ('https://doc.example', '{"client_name": "Doc", "token_endpoint_auth_method": "none"}', now(), now(), now());
insert into session (id_hash, sid, user_id, cred_version, authed_at, amr, partner, created_at, last_seen_at, used_at, expires_at, upstream_subject, upstream_sid)
values (public.h('session'), 's_a', 'usr_a', 0, now() - interval '5 minutes', 'pwd', null, now(), now(), now(), now() + interval '1 hour', null, null),
       (public.h('led'), 's_p', 'usr_p', 0, now() - interval '5 minutes', '', 'p', now(), now(), now(), now() + interval '1 hour', 'one', 'up'),
       (public.h('other'), 's_b', 'usr_b', 0, now() - interval '5 minutes', 'pwd', null, now(), now(), now(), now() + interval '1 hour', null, null);
insert into flow (id, browser_hash, client_id, redirect_uri, registered_uri, scope, audience, status, refusal, session_hash, pushed_hash, decoupled_id, first_user,
                  first_version, first_at, created_at, expires_at)
select id, public.h('browser'), 'c', 'https://c.example', 'https://c.example', 'openid', '', status, refusal, public.h('session'), pushed, decoupled, who, 0,
       case when who is not null then now() end, now(), now() + interval '1 hour'
  from (values ('fl_open', 'open', null, null, null, 'usr_a'), ('fl_approved', 'approved', null, public.h('pushed'), null, null),
               ('fl_plain', 'approved', null, null, null, null), ('fl_refused', 'refused', 'access_denied', public.h('pushed'), null, null), ('fl_device', 'approved', null, null, 'dc_device', null),
               ('fl_ciba', 'approved', null, null, 'dc_ciba', null), ('fl_no', 'refused', 'access_denied', null, 'dc_device', null),
               ('fl_done', 'done', 'access_denied', null, 'dc_device', null)) v (id, status, refusal, pushed, decoupled, who);
insert into pending_identity (flow_id, partner, issuer, subject, email_verified, amr, created_at) values ('fl_open', 'p', 'https://p.example', 'new', true, '', now());
insert into pushed_request (uri_hash, client_id, parameters, created_at, expires_at) values (public.h('pushed'), 'c', 'x', now(), now() + interval '1 hour');
insert into decoupled (id, kind, code_hash, user_code, client_id, scope, audience, asked_from, status, user_id, grant_id, delivery, notify_sealed, interval_s, created_at, expires_at)
values ('dc_device', 'device', public.h('device'), 'BCDFGHJK', 'c', 'openid', '', '', 'pending', null, null, 'poll', null, 5, now(), now() + interval '1 hour'),
       ('dc_ciba', 'ciba', public.h('ciba'), null, 'c', 'openid', '', '', 'pending', 'usr_a', null, 'ping', '', 5, now(), now() + interval '1 hour'),
       ('dc_good', 'device', public.h('good'), 'BCDFGHJL', 'c', 'openid', '', '', 'approved', null, 'gr_p', 'poll', null, 5, now(), now() + interval '1 hour'),
       ('dc_late', 'ciba', public.h('late'), null, 'c', 'openid', '', '', 'pending', 'usr_a', null, 'ping', '', 5, now(), now() - interval '1 hour');
insert into grants (id, user_id, client_id, session_hash, sid, scope, audience, auth_time, amr, created_at, expires_at, tokens_at)
values ('gr_a', 'usr_a', 'c', public.h('session'), 's_a', 'openid', 'https://api.example', now(), 'pwd', now(), now() + interval '1 hour', now()),
       ('gr_p', 'usr_p', 'c', public.h('led'), 's_p', 'openid', 'https://api.example', now(), '', now(), now() + interval '1 hour', now());
insert into code (code_hash, grant_id, client_id, redirect_uri, registered_uri, challenge, issued_at, expires_at, used_at)
values (public.h('code'), 'gr_a', 'c', 'https://c.example', 'https://c.example', 'challenge', now(), now() + interval '1 hour', null),
       (public.h('used'), 'gr_p', 'c', 'https://c.example', 'https://c.example', 'challenge', now(), now() + interval '1 hour', now());
insert into refresh (grant_id, first_hash, token_hash, parent, successor_sealed, used_at, issued_at)
values ('gr_a', public.h('first'), public.h('refresh'), public.h('parent'), '', now(), now());
insert into access_token (jti, grant_id, client_id, parent_jti, scope, issued_at, expires_at)
values ('at_a', 'gr_a', null, null, 'openid', now(), now() + interval '1 hour'), ('at_d', 'gr_a', 'd', 'at_a', 'openid', now(), now() + interval '1 hour'),
       ('at_e', 'gr_a', 'd', 'at_d', 'openid', now(), now() + interval '1 hour');
insert into consent (user_id, client_id, redirect_uri, client_version, scope, granted_at) values ('usr_a', 'c', 'https://c.example', 1, 'openid', now());
insert into exchange_rule (client_id, source_client_id, scope, created_at) values ('d', 'c', 'openid', now());
insert into resource (audience, created_at) values ('https://api.example', now());
insert into assertion_issuer (issuer, jwks, alg, clients, created_at) values ('https://i.example', '{}', 'ES256', 'c', now());
insert into assertion_subject (issuer, subject, user_id, created_at) values ('https://i.example', '42', 'usr_a', now()), ('https://i.example', '43', 'usr_b', now());
insert into mailed_code (id, purpose, browser_hash, user_id, code_hash, created_at, expires_at, used_at)
values ('mc', 'password_reset', public.h('browser'), 'usr_a', public.h('code'), now(), now() + interval '1 hour', null),
       ('mc_used', 'password_reset', public.h('browser'), 'usr_a', public.h('code'), now(), now() + interval '1 hour', now());
insert into sign_up (id, browser_hash, address, name, code_hash, created_at, expires_at, used_at)
values ('su', public.h('browser'), 'new@a.example', 'New', public.h('code'), now(), now() + interval '1 hour', null),
       ('su_used', public.h('browser'), 'old@a.example', 'Old', public.h('code'), now(), now() + interval '1 hour', now());
insert into totp (user_id, secret_sealed, tried_from, created_at, confirmed_at, codes_sealed, codes_until)
values ('usr_a', '', now(), now(), now(), '', now() + interval '1 hour'), ('usr_b', '', now(), now() - interval '1 hour', null, null, null);
insert into recovery_code (user_id, code_hash, created_at) values ('usr_a', public.h('one'), now()), ('usr_a', public.h('two'), now()), ('usr_b', public.h('hers'), now());
insert into passkey (id, user_id, alg, public_key, sign_count, is_synced, name, created_at)
values ('\x01', 'usr_a', -7, '', 5, false, 'K', now()), ('\x02', 'usr_b', -7, '', 0, false, 'K', now());
insert into mail_challenge (id, session_hash, client_id, address, request_id, redirect_uri, registered_uri, scope, audience, code_challenge, terms, code_hash, sent_at, code_expires_at,
                            created_at, expires_at)
values ('ch_a', public.h('ch'), 'c', 'a@a.example', 'rq', '', '', '', '', '', '{}', public.h('code'), now(), now() + interval '1 hour', now(), now() + interval '1 hour');
insert into upstream_login (state_hash, browser_hash, flow_id, partner, issuer, nonce, verifier_sealed, created_at, expires_at, used_at)
values (public.h('state'), public.h('browser'), 'fl_open', 'p', 'https://p.example', 'n', '', now(), now() + interval '1 hour', null),
       (public.h('seen'), public.h('browser'), 'fl_open', 'p', 'https://p.example', 'n', '', now(), now() + interval '1 hour', now());
insert into upstream_logout (state_hash, browser_hash, partner, client_id, created_at, expires_at) values (public.h('out'), public.h('browser'), 'p', 'c', now(), now() + interval '1 hour');
insert into upstream_token (identity_id, issuer, access_sealed, kept_at, refreshed_at, expires_at) values ('idn_p', 'https://p.example', '', now(), now(), now() + interval '1 hour');
insert into initial_token (token_hash, uses_left, created_at, expires_at) values (public.h('initial'), 1, now(), now() + interval '1 hour');
insert into partner_invitation (partner, kind, value, created_at) values ('p', 'subject', 'guest', now()), ('p', 'email', 'guest@p.example', now());
insert into branding (partner, document, sheet, updated_at) values ('p', '{}', '', now());
insert into logout (id, client_id, user_id, sid, state, attempts, due_at, busy_until, created_at)
overriding system value values (1, 'c', 'usr_a', 's_a', 'pending', 1, now(), now(), now());
insert into decoupled_notice (id, decoupled_id, kind, due_at) overriding system value values (1000, 'dc_ciba', 'mail', now());
insert into mail (id, user_id, words_sealed, due_at, created_at, expires_at) overriding system value values (1, 'usr_a', '', now(), now(), now() + interval '1 hour');

-- The log: two chained entries and one that is not yet; what ended, in years of its own.
insert into audit (id, at, actor, action, object, detail) overriding system value
values (101, '2040-01-01', 'op', 'client.changed', 'c', 'one'), (102, '2040-01-01', 'op', 'client.changed', 'd', 'two'), (103, '2040-01-01', 'op', 'client.changed', 'c', 'three'),
       (104, '2040-01-01', 'op', 'client.changed', 'd', 'four');
insert into audit_chain (seq, audit_id, prev, hash) values (1, 101, public.h('0'), public.h('1')), (2, 102, public.h('1'), public.h('2'));
insert into audit_tenant (tenant, audit_id) values ('p', 101);
insert into client (id, metadata, created_at, updated_at) values ('r', '{"client_name": "R", "token_endpoint_auth_method": "none", "scope": "r.read"}', now(), now());
update client set metadata = metadata - 'x', registration_hash = public.h('r') where id = 'r';
insert into grants (id, user_id, client_id, sid, scope, audience, auth_time, amr, created_at, expires_at)
values ('gr_r', 'usr_r', 'r', 's_r', 'r.read', 'https://r.example', now(), '', now(), now() + interval '1 hour');
insert into access_token (jti, grant_id, scope, issued_at, expires_at, revoked_at) values ('at_r', 'gr_r', 'r.read', now(), '2060-01-01', '2041-01-01');
insert into resource (audience, created_at) values ('https://r.example', now());
insert into resource_scope (scope, audience, is_open) values ('r.read', 'https://r.example', true), ('r.operator', 'https://o.example', false);
insert into detail_type (name, audience, rules, sentence, created_at) values ('type', 'https://r.example', '{}', 'x', now());
insert into partner_health (partner, failures, last_why, failed_at, rest_until) values ('p', 5, 'x', now(), now() + interval '1 hour');
insert into sign_key (kid, alg, state, pem_sealed, published_at, activated_at, retiring_at, why)
values ('k_next', 'ES256', 'next', '', now() - interval '1 day', null, null, 'rotation'), ('k_active', 'ES256', 'active', '', now() - interval '1 day', now() - interval '1 day', null, 'first'),
       ('k_old', 'ES256', 'retiring', '', now() - interval '1 day', now() - interval '1 day', now() - interval '1 hour', 'first');
