-- name: key_list :many
-- Those that sign come first; of many retiring ones (emergencies) the latest are kept, as a key set has room for 32.
-- row: kid text, alg text, state text, pem_sealed bytes?, published_at instant, activated_at instant?
select kid, alg, state, pem_sealed, published_at, activated_at from sign_key
 where state in ('next', 'active', 'retiring')
 order by case state when 'active' then 1 when 'next' then 2 else 3 end, retiring_at desc, kid limit 32;

-- name: key_history :many
-- All that ever were, as the operator sees them.
-- row: kid text, alg text, state text, why text, published_at instant, activated_at instant?, retiring_at instant?, ended_at instant?
select kid, alg, state, why, published_at, activated_at, retiring_at, ended_at from sign_key
 order by case state when 'active' then 1 when 'next' then 2 when 'retiring' then 3 else 4 end, ended_at desc, alg, kid limit 200;

-- name: key_find :maybe
-- row: kid text, alg text, state text
select kid, alg, state from sign_key where kid = :kid::text;

-- name: key_create :exec
-- The first key of an algorithm is active at once, every other one is published before it signs.
insert into sign_key (kid, alg, state, pem_sealed, published_at, activated_at, why)
select :kid::text, :alg::text, case when x.first then 'active' else 'next' end, :pem_sealed::bytes, :now,
       case when x.first then :now end, case when x.first then 'first' else 'rotation' end
  from (select not exists (select 1 from sign_key where alg = :alg and state = 'active') as first) x
on conflict do nothing;

-- name: key_retire_active :exec
update sign_key set state = 'retiring', retiring_at = :now
 where alg = :alg::text and state = 'active' and exists (select 1 from sign_key where alg = :alg and state = 'next');

-- name: key_activate_next :exec
update sign_key set state = 'active', activated_at = :now, why = :why::text where alg = :alg::text and state = 'next';

-- name: key_forget_retired :exec
-- The secret goes, the name stays: a kid is never used again.
update sign_key set state = 'gone', pem_sealed = null, ended_at = :now where state = 'retiring' and retiring_at < :before::instant;

-- name: key_revoke :exec
update sign_key set state = 'revoked', pem_sealed = null, ended_at = :now
 where kid = :kid::text and state in ('next', 'active', 'retiring');
