-- Grants beyond the browser's redirect.

-- An authorization that is asked for on one device and given on another: the device grant (RFC 8628) and client-initiated
-- backchannel authentication (OpenID CIBA). What the client polls with is kept as a digest; where the client is to be told,
-- also sealed, with the token that it wants to hear. The user code is kept as it is: who knows it can give something, never take.
create table decoupled (
    id text primary key,
    kind text not null check (kind in ('device', 'ciba')),
    code_hash bytea not null unique check (octet_length(code_hash) = 32),
    user_code text unique check (user_code ~ '^[B-Z]{8}$'),
    client_id text not null references client,
    scope text not null,
    audience text not null,
    terms jsonb not null default '{}',
    asked_from text not null,
    status text not null default 'pending' check (status in ('pending', 'approved', 'denied', 'expired', 'done')),
    grant_id text unique references grants on delete cascade,
    user_id text references users,
    binding_message text,
    delivery text not null default 'poll' check (delivery in ('poll', 'ping', 'push')),
    notify_sealed bytea,
    interval_s bigint not null check (interval_s > 0),
    polled_at timestamptz,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    check ((kind = 'device') = (user_code is not null)),
    check ((kind = 'ciba') = (user_id is not null)),
    check ((delivery = 'poll') = (notify_sealed is null)),
    check ((status in ('approved', 'done')) = (grant_id is not null))
);
create index decoupled_expires on decoupled (expires_at);

-- What has to be told about such a request: the mail to its person, and the answer to a client that does not poll. Told
-- at least once; a push is made once and kept sealed, so that every attempt tells the same tokens.
create table decoupled_notice (
    id bigint generated always as identity primary key,
    decoupled_id text not null references decoupled on delete cascade,
    kind text not null check (kind in ('mail', 'ping', 'push')),
    payload_sealed bytea,
    tries integer not null default 0,
    due_at timestamptz not null,
    sent_at timestamptz,
    failed_at timestamptz,
    unique (decoupled_id, kind)
);
create index decoupled_notice_due on decoupled_notice (due_at) where sent_at is null and failed_at is null;

-- The browser's part of it is an ordinary flow that has nowhere to return to.
alter table flow add column decoupled_id text references decoupled on delete cascade;
create index flow_decoupled on flow (decoupled_id) where decoupled_id is not null;

-- Whose tokens a client may exchange (RFC 8693), by the operator's word. The scope is the most that it gets; audience
-- absent: the one of the exchanged token.
create table exchange_rule (
    client_id text not null references client,
    source_client_id text not null references client,
    scope text not null,
    audience text,
    created_at timestamptz not null,
    primary key (client_id, source_client_id),
    check (client_id <> source_client_id)
);
create trigger exchange_rule_changed after insert or update or delete on exchange_rule
    for each statement execute function cache_changed();

-- An exchanged token belongs to the grant of the token that it was made from, and ends with both.
alter table access_token
    add column client_id text references client, -- absent: the client of the grant
    add column parent_jti text references access_token on delete cascade;
create index access_token_parent on access_token (parent_jti) where parent_jti is not null;

-- Who may vouch for our users (RFC 7523 section 2.1), by the operator's word, with which algorithm and through which
-- clients. Subjects are identities of partners, or those that the operator mapped by hand.
create table assertion_issuer (
    issuer text primary key,
    jwks_uri text,
    jwks jsonb,
    alg text not null check (alg in ('ES256', 'RS256', 'PS256', 'EdDSA')),
    clients text not null,
    created_at timestamptz not null,
    check ((jwks_uri is null) <> (jwks is null))
);
create table assertion_subject (
    issuer text not null references assertion_issuer on delete cascade,
    subject text not null check (octet_length(subject) between 1 and 255),
    user_id text not null references users,
    created_at timestamptz not null,
    primary key (issuer, subject)
);
-- Assertions that came: each works once.
create table assertion_seen (
    issuer text not null,
    jti text not null check (octet_length(jti) between 1 and 128),
    expires_at timestamptz not null,
    primary key (issuer, jti)
);
create index assertion_seen_expires on assertion_seen (expires_at);

-- Further invariants, added to those that there are.
do $$
begin
    execute 'create or replace view v_inv as ' || rtrim(pg_get_viewdef('v_inv'::regclass), '; ') || $more$
union all -- what was asked for on another device is redeemed once, and gives nothing before
select 'A20', d.id from decoupled d
 where (d.status = 'done') <> exists (select 1 from access_token a where a.grant_id = d.grant_id)
union all -- the grant of such a request is for its client, its scope or less
select 'A21', d.id from decoupled d join grants g on g.id = d.grant_id
 where g.client_id <> d.client_id or not string_to_array(g.scope, ' ') <@ string_to_array(d.scope, ' ')
union all -- an exchanged token is no more than the one that it was made from, nor does it live longer
select 'A22', a.jti from access_token a join access_token p on p.jti = a.parent_jti
 where a.expires_at > p.expires_at or a.grant_id <> p.grant_id
    or not string_to_array(a.scope, ' ') <@ string_to_array(p.scope, ' ')
$more$;
end $$;
