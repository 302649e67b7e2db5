-- Changes of credentials are counted, and a session says with which count its person proved himself. Times could not say it: a log-in that began
-- a moment after a change did, and read the password a moment before it was written, was younger than the change; and the clocks of two nodes differ.
alter table users add column cred_version bigint not null default 0;
alter table session add column cred_version bigint not null default 0;
alter table session alter column cred_version drop default;
alter table flow add column first_version bigint;
-- When its second factor was shown: the same form that comes at the same moment, whose code is used now, is let in as well.
alter table flow add column second_at timestamptz;

create function credentials_counted() returns trigger language plpgsql set search_path from current as $$
begin
    new.cred_version := old.cred_version + 1;
    return new;
end $$;
create trigger credentials_counted before update of cred_changed_at on users for each row execute function credentials_counted();

-- Nodes of the previous version count nothing: what they begin is of now.
create function session_is_of_now() returns trigger language plpgsql set search_path from current as $$
begin
    new.cred_version := (select cred_version from users where id = new.user_id);
    return new;
end $$;
create trigger session_is_of_now before insert on session for each row when (new.cred_version is null) execute function session_is_of_now();
create function first_factor_is_of_now() returns trigger language plpgsql set search_path from current as $$
begin
    new.first_version := (select cred_version from users where id = new.first_user);
    return new;
end $$;
create trigger first_factor_is_of_now before update of first_user on flow for each row
    when (new.first_user is not null and new.first_version is null) execute function first_factor_is_of_now();

update session s set ended_at = now(), ended_why = 'credentials_changed' from users u
 where u.id = s.user_id and s.ended_at is null and s.authed_at < u.cred_changed_at;

create or replace function credentials_changed() returns trigger language plpgsql set search_path from current as $$
begin
    update session set ended_at = greatest(new.cred_changed_at, new.disabled_at),
                       ended_why = case when new.disabled_at is null then 'credentials_changed' else 'user_disabled' end
     where user_id = new.id and (ended_at is null) is true and (new.disabled_at is not null or cred_version < new.cred_version);
    return null;
end $$;
drop trigger credentials_changed on users;
create trigger credentials_changed after update of cred_changed_at, disabled_at on users for each row
    when (new.cred_version > old.cred_version or new.disabled_at is not null) execute function credentials_changed();

create or replace view v_inv as
-- a refresh token is the live member of one family, and was not used
select 'A01' as inv, encode(token_hash, 'hex') as k from refresh group by token_hash having count(*) > 1
union all
select 'A01', a.grant_id from refresh a join refresh b on b.parent = a.token_hash
union all -- a reused code or refresh token revoked its whole grant
select 'A02', g.id from grants g
 where g.revoked_at is null
   and (exists (select 1 from code c where c.grant_id = g.id and c.reused_at is not null)
        or exists (select 1 from refresh r where r.grant_id = g.id and r.reused_at is not null))
union all -- one code gave at most one access token; that it gave at most one family is the key of refresh
select 'A03', encode(code_hash, 'hex') from access_token where code_hash is not null group by code_hash having count(*) > 1
union all -- no token from a code that was never used, or used after expiry
select 'A04', a.jti from access_token a left join code c on c.code_hash = a.code_hash
 where a.code_hash is not null and (c.used_at is null or c.used_at > c.expires_at)
union all -- a family that moved on from its first token has a member before the current one
select 'A05', grant_id from refresh where first_hash <> token_hash and parent is null
union all -- nothing was issued after the grant was revoked
select 'A06', a.jti from access_token a join grants g on g.id = a.grant_id where a.issued_at > g.revoked_at
union all
select 'A06', r.grant_id from refresh r join grants g on g.id = r.grant_id where r.issued_at > g.revoked_at
union all -- scope never grows
select 'A07', a.jti from access_token a join grants g on g.id = a.grant_id
 where not string_to_array(a.scope, ' ') <@ string_to_array(g.scope, ' ')
union all -- a disabled user or client has no live session or grant
select 'A09', s.sid from session s join users u on u.id = s.user_id where u.disabled_at is not null and s.ended_at is null
union all
select 'A09', g.id from grants g join users u on u.id = g.user_id join client c on c.id = g.client_id
 where g.revoked_at is null and (u.disabled_at is not null or c.disabled_at is not null)
union all -- no session from before the last change of credentials is alive
select 'A10', s.sid from session s join users u on u.id = s.user_id where s.ended_at is null and s.cred_version <> u.cred_version
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
    or s.hash is distinct from audit_digest(s.prev, a)
union all -- what was asked for on another device is redeemed once, and gives nothing before
select 'A20', d.id from decoupled d
 where (d.status = 'done') <> exists (select 1 from access_token a where a.grant_id = d.grant_id)
union all -- the grant of such a request is for its client, its scope or less
select 'A21', d.id from decoupled d join grants g on g.id = d.grant_id
 where g.client_id <> d.client_id or not string_to_array(g.scope, ' ') <@ string_to_array(d.scope, ' ')
union all -- an exchanged token is no more than the one that it was made from, nor does it live longer
select 'A22', a.jti from access_token a join access_token p on p.jti = a.parent_jti
 where a.expires_at > p.expires_at or a.grant_id <> p.grant_id
    or not string_to_array(a.scope, ' ') <@ string_to_array(p.scope, ' ');
