-- name: mail_add :exec
insert into mail (user_id, words_sealed, due_at, created_at, expires_at)
values (:user::user_id?, :words_sealed::bytes, :now, :now, :expires_at::instant);

-- name: mail_language :maybe
-- The language of whoever gets it; an absent account costs the same.
-- row: locale text?
select profile->>'locale' from users where id = :user::user_id?;

-- name: mail_claim :many
-- What is due, leased to this sender; another one takes over if it dies.
-- row: id i64, tries i32, words_sealed bytes?, expires_at instant, email text?, name text?
update mail m set due_at = :lease::instant, tries = m.tries + 1
  from mail x left join users u on u.id = x.user_id and u.disabled_at is null
 where m.id in (select id from mail where sent_at is null and failed_at is null and due_at <= :now
                 order by due_at limit 20 for update skip locked)
   and x.id = m.id
returning m.id, m.tries, m.words_sealed, m.expires_at, u.email, u.name;

-- name: mail_hold :exec
-- Those that are claimed at once go out one after the other: the lease of each begins when it is its turn. Nothing: it was over before, and another
-- sender has the mail.
update mail set due_at = :lease::instant where id = :id::i64 and due_at = :held::instant and sent_at is null and failed_at is null;

-- name: mail_sent :exec
update mail set sent_at = :now, words_sealed = null where id = :id::i64 and sent_at is null;

-- name: mail_postpone :exec
update mail set due_at = :due::instant where id = :id::i64 and sent_at is null;

-- name: mail_give_up :exec
update mail set failed_at = :now, words_sealed = null where id = :id::i64 and sent_at is null;

-- name: mail_purge :exec
delete from mail where id = any (array(select id from mail where expires_at < :before::instant order by expires_at limit 1000));
