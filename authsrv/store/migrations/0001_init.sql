-- Everything the authorization server knows. Times that decide an order between issuing and revoking are
-- clock_timestamp() taken under the grant's row lock; all others are bound from the task.

create table partner (
    slug text primary key check (slug ~ '^[a-z0-9][a-z0-9-]{0,38}$'),
    name text not null,
    issuer text not null,
    client_id text not null,
    client_secret_sealed bytea,
    email_domains text not null default '',
    created_at timestamptz not null,
    disabled_at timestamptz,
    constraint partner_issuer_key unique (issuer)
);

create table users (
    id text primary key check (id ~ '^usr_'),
    login text,
    password_hash text,
    role text not null default 'user' check (role in ('user', 'operator', 'admin')),
    name text not null,
    email text,
    email_verified boolean not null default false,
    profile jsonb not null default '{}',
    cred_changed_at timestamptz not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    disabled_at timestamptz,
    constraint users_login_key unique (login),
    check ((login is null) = (password_hash is null))
);

-- Who somebody is at a partner: (issuer, subject) and nothing else.
create table identity (
    issuer text not null,
    subject text not null check (octet_length(subject) between 1 and 255),
    user_id text not null references users,
    partner text not null references partner,
    linked_at timestamptz not null,
    last_login_at timestamptz not null,
    reauth_session bytea,
    primary key (issuer, subject)
);
create index identity_by_user on identity (user_id);

create table resource (
    audience text primary key,
    created_at timestamptz not null
);

create table resource_scope (
    scope text primary key,
    audience text not null references resource
);

create table client (
    id text primary key check (id !~ '^usr_'),
    name text not null,
    auth_method text not null check (auth_method in ('none', 'client_secret_basic', 'client_secret_post')),
    secret_hash bytea check (octet_length(secret_hash) = 32),
    partner text references partner,
    grants text not null,
    scope text not null,
    first_party boolean not null default false,
    verified boolean not null default false,
    require_pkce boolean not null default true,
    id_token_alg text not null default 'RS256' check (id_token_alg in ('RS256', 'ES256')),
    resource_server text,
    default_max_age bigint,
    client_uri text,
    logo_uri text,
    policy_uri text,
    tos_uri text,
    version bigint not null default 1,
    created_at timestamptz not null,
    disabled_at timestamptz,
    check ((auth_method = 'none') = (secret_hash is null))
);

create table redirect_uri (
    client_id text not null references client,
    kind text not null check (kind in ('redirect', 'post_logout')),
    uri text not null,
    primary key (client_id, kind, uri)
);

create table session (
    id_hash bytea primary key check (octet_length(id_hash) = 32),
    sid text not null unique,
    user_id text not null references users,
    authed_at timestamptz not null,
    amr text not null,
    partner text references partner,
    created_at timestamptz not null,
    last_seen_at timestamptz not null,
    expires_at timestamptz not null,
    ended_at timestamptz
);
create index session_by_user on session (user_id);
create index session_expires on session (expires_at);

-- One authorization request under way, bound to the browser that began it.
create table flow (
    id text primary key,
    browser_hash bytea not null check (octet_length(browser_hash) = 32),
    client_id text not null references client,
    redirect_uri text not null,
    registered_uri text not null,
    scope text not null,
    audience text not null,
    state text,
    nonce text,
    challenge text,
    login_hint text,
    idp_hint text,
    hint_subject text,
    prompt text not null default '',
    max_age bigint,
    status text not null default 'open' check (status in ('open', 'approved', 'refused', 'done')),
    refusal text,
    session_hash bytea,
    reauthenticated boolean not null default false,
    consented boolean not null default false,
    created_at timestamptz not null,
    expires_at timestamptz not null
);
create index flow_browser on flow (browser_hash, created_at);
create index flow_expires on flow (expires_at);

-- One log-in under way at a partner.
create table upstream_login (
    state_hash bytea primary key check (octet_length(state_hash) = 32),
    browser_hash bytea not null check (octet_length(browser_hash) = 32),
    flow_id text not null references flow on delete cascade,
    partner text not null references partner,
    issuer text not null,
    nonce text not null,
    verifier_sealed bytea not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    used_at timestamptz
);
create index upstream_login_expires on upstream_login (expires_at);

create table consent (
    user_id text not null references users,
    client_id text not null references client,
    redirect_uri text not null,
    client_version bigint not null,
    scope text not null,
    granted_at timestamptz not null,
    primary key (user_id, client_id, redirect_uri)
);

-- What one authorization bought: everything derived from it lives and dies with it.
create table grants (
    id text primary key,
    user_id text not null references users,
    client_id text not null references client,
    session_hash bytea,
    sid text not null,
    scope text not null,
    audience text not null,
    nonce text,
    auth_time timestamptz not null,
    amr text not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    revoked_at timestamptz,
    revoked_why text
);
create index grants_user on grants (user_id, client_id);
create index grants_session on grants (session_hash);
create index grants_expires on grants (expires_at);

create table code (
    code_hash bytea primary key check (octet_length(code_hash) = 32),
    grant_id text not null unique references grants on delete cascade,
    client_id text not null,
    redirect_uri text not null,
    registered_uri text not null,
    challenge text,
    issued_at timestamptz not null,
    expires_at timestamptz not null,
    used_at timestamptz,
    reused_at timestamptz
);

create table refresh (
    token_hash bytea primary key check (octet_length(token_hash) = 32),
    grant_id text not null references grants on delete cascade,
    parent bytea unique references refresh on delete cascade,
    scope text not null,
    issued_at timestamptz not null,
    expires_at timestamptz not null,
    used_at timestamptz,
    reused_at timestamptz,
    successor_sealed bytea,
    check ((used_at is null) = (successor_sealed is null))
);
create unique index refresh_one_live on refresh (grant_id) where used_at is null;

-- Access tokens of users. Tokens of clients alone are not stored; revoked_jti governs them.
create table access_token (
    jti text primary key,
    grant_id text not null references grants on delete cascade,
    code_hash bytea,
    scope text not null,
    issued_at timestamptz not null,
    expires_at timestamptz not null,
    revoked_at timestamptz
);
create index access_token_grant on access_token (grant_id);
create index access_token_expires on access_token (expires_at);

create table revoked_jti (
    jti text primary key,
    client_id text not null,
    revoked_at timestamptz not null,
    expires_at timestamptz not null
);
create index revoked_jti_expires on revoked_jti (expires_at);

create table sign_key (
    kid text primary key,
    alg text not null check (alg in ('ES256', 'RS256')),
    state text not null check (state in ('next', 'active', 'retiring')),
    pem_sealed bytea not null,
    published_at timestamptz not null,
    activated_at timestamptz,
    retiring_at timestamptz,
    why text not null check (why in ('first', 'rotation', 'emergency'))
);
create unique index sign_key_one_active on sign_key (alg) where state = 'active';
create unique index sign_key_one_next on sign_key (alg) where state = 'next';

create table initial_token (
    token_hash bytea primary key check (octet_length(token_hash) = 32),
    uses_left bigint not null check (uses_left >= 0),
    created_at timestamptz not null,
    expires_at timestamptz not null
);

-- Append-only; chained in batches by a job, so that no log-in waits for a neighbour.
create table audit (
    id bigint generated always as identity primary key,
    at timestamptz not null,
    actor text not null,
    action text not null,
    object text not null,
    detail text not null default ''
);

create table audit_chain (
    seq bigint primary key,
    audit_id bigint not null unique references audit,
    prev bytea not null check (octet_length(prev) = 32),
    hash bytea not null check (octet_length(hash) = 32)
);

create function audit_is_append_only() returns trigger language plpgsql as $$
begin
    raise exception 'the audit log is append-only';
end $$;
create trigger audit_no_change before update or delete on audit
    for each row execute function audit_is_append_only();
create trigger audit_chain_no_change before update or delete on audit_chain
    for each row execute function audit_is_append_only();

create function audit_digest(prev bytea, a audit) returns bytea language sql immutable as $$
    select sha256(prev || convert_to(a.id || E'\n' || to_char(a.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US') || E'\n'
                                     || a.actor || E'\n' || a.action || E'\n' || a.object || E'\n' || a.detail, 'UTF8'))
$$;

-- Processes keep clients, resources and keys in memory; this number says when to read them again.
create table cache_version (
    one boolean primary key default true check (one),
    version bigint not null
);
insert into cache_version (version) values (1);

create function cache_changed() returns trigger language plpgsql as $$
begin
    update cache_version set version = version + 1;
    return null;
end $$;
create trigger client_changed after insert or update or delete on client
    for each statement execute function cache_changed();
create trigger redirect_uri_changed after insert or update or delete on redirect_uri
    for each statement execute function cache_changed();
create trigger partner_changed after insert or update or delete on partner
    for each statement execute function cache_changed();
create trigger resource_scope_changed after insert or update or delete on resource_scope
    for each statement execute function cache_changed();
create trigger sign_key_changed after insert or update or delete on sign_key
    for each statement execute function cache_changed();

-- What must hold at every moment; a row is a violation.
create view v_inv as
-- at most one live member of a refresh family
select 'A01' as inv, grant_id as k from refresh where used_at is null group by grant_id having count(*) > 1
union all -- a reused code or refresh token revoked its whole grant
select 'A02', g.id from grants g
 where g.revoked_at is null
   and (exists (select 1 from code c where c.grant_id = g.id and c.reused_at is not null)
        or exists (select 1 from refresh r where r.grant_id = g.id and r.reused_at is not null))
union all -- one code gave at most one access token and one root refresh token
select 'A03', encode(code_hash, 'hex') from access_token where code_hash is not null group by code_hash having count(*) > 1
union all
select 'A03', grant_id from refresh where parent is null group by grant_id having count(*) > 1
union all -- no token from a code that was never used, or used after expiry
select 'A04', a.jti from access_token a left join code c on c.code_hash = a.code_hash
 where a.code_hash is not null and (c.used_at is null or c.used_at > c.expires_at)
union all -- a used refresh token has its child, or its grant is revoked
select 'A05', encode(r.token_hash, 'hex') from refresh r join grants g on g.id = r.grant_id
 where r.used_at is not null and g.revoked_at is null and not exists (select 1 from refresh x where x.parent = r.token_hash)
union all -- nothing was issued after the grant was revoked
select 'A06', a.jti from access_token a join grants g on g.id = a.grant_id where a.issued_at > g.revoked_at
union all
select 'A06', encode(r.token_hash, 'hex') from refresh r join grants g on g.id = r.grant_id where r.issued_at > g.revoked_at
union all -- scope never grows
select 'A07', a.jti from access_token a join grants g on g.id = a.grant_id
 where not string_to_array(a.scope, ' ') <@ string_to_array(g.scope, ' ')
union all
select 'A07', encode(r.token_hash, 'hex') from refresh r join grants g on g.id = r.grant_id
 where not string_to_array(r.scope, ' ') <@ string_to_array(g.scope, ' ')
union all -- a disabled user or client has no live session or grant
select 'A09', s.sid from session s join users u on u.id = s.user_id where u.disabled_at is not null and s.ended_at is null
union all
select 'A09', g.id from grants g join users u on u.id = g.user_id join client c on c.id = g.client_id
 where g.revoked_at is null and (u.disabled_at is not null or c.disabled_at is not null)
union all -- no session from before the last change of credentials is alive
select 'A10', s.sid from session s join users u on u.id = s.user_id where s.ended_at is null and s.authed_at < u.cred_changed_at
union all -- a code stands under a registered redirect URI of the client of its grant
select 'A12', encode(c.code_hash, 'hex') from code c join grants g on g.id = c.grant_id
 where c.client_id <> g.client_id
    or not exists (select 1 from redirect_uri r
                    where r.client_id = c.client_id and r.kind = 'redirect' and r.uri = c.registered_uri)
union all -- registered URIs: https, loopback http or a private-use scheme with a dot; nothing clever inside
select 'A13', uri from redirect_uri
 where uri !~ '^(https://[a-z0-9.-]+(:[0-9]{1,5})?(/|\?|$)|http://(127\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}|\[::1\])(:[0-9]{1,5})?(/|\?|$)|[a-z][a-z0-9+-]*\.[a-z0-9.+-]+:/)'
    or uri ~ '[#*@\\[:space:][:cntrl:]]' or uri like '%/../%' or uri ilike '%\%2e%'
union all -- an identity added to an account that already existed has a proof of fresh authentication
select 'A14', i.issuer || ' ' || i.subject from identity i
 where i.reauth_session is null
   and exists (select 1 from identity x where x.user_id = i.user_id and (x.linked_at, x.issuer, x.subject) < (i.linked_at, i.issuer, i.subject))
union all -- confidential clients have a credential, public ones none
select 'A16', id from client where (auth_method = 'none') <> (secret_hash is null)
union all -- exactly one active key per algorithm, published long enough before use
select 'A17', a.alg from (values ('ES256'), ('RS256')) a (alg)
 where exists (select 1 from sign_key) and (select count(*) from sign_key k where k.alg = a.alg and k.state = 'active') <> 1
union all
select 'A17', kid from sign_key where why = 'rotation' and activated_at < published_at + interval '1 hour'
union all -- the audit chain is unbroken and says what the log says
select 'A18', s.seq::text
  from (select c.seq, c.prev, c.hash, c.audit_id, lag(c.hash) over (order by c.seq) as last_hash,
               lag(c.seq) over (order by c.seq) as last_seq from audit_chain c) s
  join audit a on a.id = s.audit_id
 where s.prev is distinct from coalesce(s.last_hash, decode(repeat('00', 32), 'hex'))
    or s.seq <> coalesce(s.last_seq, 0) + 1
    or s.hash is distinct from audit_digest(s.prev, a);
