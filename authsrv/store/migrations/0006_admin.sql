-- What operating needs: keys of every algorithm with their history, versions against lost updates, names for initial
-- access tokens, lists by cursor.

-- A key that is gone keeps its row without the secret, so that its kid never comes back.
alter table sign_key drop constraint sign_key_alg_check;
alter table sign_key add constraint sign_key_alg_check check (alg in ('ES256', 'RS256', 'PS256', 'EdDSA', 'RSA-OAEP', 'ECDH-ES'));
alter table sign_key drop constraint sign_key_state_check;
alter table sign_key add constraint sign_key_state_check check (state in ('next', 'active', 'retiring', 'gone', 'revoked'));
alter table sign_key alter column pem_sealed drop not null;
alter table sign_key add column ended_at timestamptz;
alter table sign_key add constraint sign_key_ended_check
    check ((state in ('gone', 'revoked')) = (pem_sealed is null) and (pem_sealed is null) = (ended_at is not null));

-- Writers of the admin API say which version they have seen.
alter table users add column version bigint not null default 1;
alter table partner add column version bigint not null default 1;

create function version_moves() returns trigger language plpgsql as $$
begin
    new.version := old.version + 1;
    return new;
end $$;
create trigger users_version before update on users for each row when (old is distinct from new)
    execute function version_moves();
create trigger partner_version before update on partner for each row when (old is distinct from new)
    execute function version_moves();

create index users_created on users (created_at, id);
create index session_live on session (expires_at) where ended_at is null;

-- The operator names a token that only its holder knows by the beginning of its digest.
alter table initial_token add column id text not null generated always as ('iat_' || left(encode(token_hash, 'hex'), 24)) stored;
create unique index initial_token_id on initial_token (id);

create index audit_object on audit (object, id);
create index audit_actor on audit (actor, id);

-- What must hold of keys beyond v_inv; a row is a violation.
create view v_inv_key as
select 'A17' as inv, alg as k from sign_key where state = 'active' group by alg having count(*) > 1
union all -- what ended did so after it began
select 'A17', kid from sign_key where ended_at < published_at or activated_at < published_at or retiring_at < activated_at;
