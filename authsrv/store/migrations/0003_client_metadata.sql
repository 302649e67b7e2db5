-- A client is the document that it registered (RFC 7591), plus what the operator made of it. The document is checked by
-- domain/client_metadata.h before it comes here; columns are what statements and constraints ask for.

alter table client
    add column metadata jsonb,
    add column secret_sealed bytea,             -- only where the secret itself is a key (client_secret_jwt)
    add column registration_hash bytea unique check (octet_length(registration_hash) = 32),
    add column updated_at timestamptz;

update client c set updated_at = c.created_at, metadata = jsonb_strip_nulls(jsonb_build_object(
    'client_name', c.name,
    'application_type', 'web',
    'redirect_uris', (select jsonb_agg(uri order by uri) from redirect_uri u where u.client_id = c.id and u.kind = 'redirect'),
    'post_logout_redirect_uris', (select jsonb_agg(uri order by uri) from redirect_uri u where u.client_id = c.id and u.kind = 'post_logout'),
    'grant_types', to_jsonb(string_to_array(c.grants, ' ')),
    'response_types', case when c.grants ~ '\mauthorization_code\M' then '["code"]'::jsonb else '[]'::jsonb end,
    'scope', c.scope,
    'token_endpoint_auth_method', c.auth_method,
    'subject_type', 'public',
    'id_token_signed_response_alg', c.id_token_alg,
    'require_pkce', c.require_pkce or c.auth_method = 'none',
    'default_max_age', c.default_max_age,
    'client_uri', c.client_uri, 'logo_uri', c.logo_uri, 'policy_uri', c.policy_uri, 'tos_uri', c.tos_uri));

drop view v_inv;
drop table redirect_uri;
alter table client
    drop column name,
    drop column auth_method,
    drop column grants,
    drop column scope,
    drop column require_pkce,
    drop column id_token_alg,
    drop column default_max_age,
    drop column client_uri,
    drop column logo_uri,
    drop column policy_uri,
    drop column tos_uri,
    alter column metadata set not null,
    alter column updated_at set not null,
    add column name text not null generated always as (metadata ->> 'client_name') stored,
    add column auth_method text not null generated always as (metadata ->> 'token_endpoint_auth_method') stored,
    add constraint client_secret_fits
        check ((metadata ->> 'token_endpoint_auth_method' in ('client_secret_basic', 'client_secret_post', 'client_secret_jwt'))
               = (secret_hash is not null));

-- What an authorization asks for and a grant holds beyond its scope (domain/terms.h).
alter table flow add column terms jsonb not null default '{}';
alter table grants add column terms jsonb not null default '{}';

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
union all -- a live code stands under a registered redirect URI of the client of its grant
select 'A12', encode(k.code_hash, 'hex') from code k join grants g on g.id = k.grant_id join client c on c.id = k.client_id
 where k.client_id <> g.client_id
    or (k.used_at is null and k.issued_at > c.updated_at and not c.metadata -> 'redirect_uris' ? k.registered_uri)
union all -- registered URIs: https, loopback http or a private-use scheme with a dot; nothing clever inside
select 'A13', u.uri
  from client c cross join lateral jsonb_array_elements_text(
       coalesce(c.metadata -> 'redirect_uris', '[]') || coalesce(c.metadata -> 'post_logout_redirect_uris', '[]')) u (uri)
 where u.uri !~ '^(https://[a-z0-9.-]+(:[0-9]{1,5})?(/|\?|$)|http://(127\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}|\[::1\])(:[0-9]{1,5})?(/|\?|$)|[a-z][a-z0-9+-]*\.[a-z0-9.+-]+:/)'
    or u.uri ~ '[#*@\\[:space:][:cntrl:]]' or u.uri like '%/../%' or u.uri ilike '%\%2e%'
union all -- an identity added to an account that already existed has a proof of fresh authentication
select 'A14', i.issuer || ' ' || i.subject from identity i
 where i.reauth_session is null
   and exists (select 1 from identity x where x.user_id = i.user_id and (x.linked_at, x.issuer, x.subject) < (i.linked_at, i.issuer, i.subject))
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
