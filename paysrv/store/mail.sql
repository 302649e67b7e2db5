-- The outbox of mails: sent at least once, with the same Message-ID.

-- name: mail_claim :many
-- Due mails, leased to this sender until :lease; another one takes over if it dies.
-- row: mail_id text, kind text, recipient text, content bytes?, tries i32
update mail set due_at = :lease::instant, tries = tries + 1
 where mail_id in (select mail_id from mail where sent_at is null and failed_at is null and due_at <= :now
                    order by due_at limit 20 for update skip locked)
returning mail_id, kind, recipient, content, tries;

-- name: mail_sent :exec
-- Asked so that it is found by its id: the index of those that wait looks small to PostgreSQL, and is as long as there are mails.
update mail set sent_at = :now, content = case when clock <> '' then content end where mail_id = :mail::text and coalesce(sent_at, failed_at) is null;

-- name: mail_postpone :exec
update mail set due_at = :due::instant where mail_id = :mail::text and sent_at is null;

-- name: mail_give_up :exec
update mail set failed_at = :now, content = case when clock <> '' then content end where mail_id = :mail::text and coalesce(sent_at, failed_at) is null;

-- name: mail_insert :exec
insert into mail (mail_id, kind, recipient, content, due_at, created_at, clock)
values (:mail::text, :kind::text, :recipient::text, :content::bytes, :wall, :now, :clock);

-- name: test_mail_list :many
-- Those of a sandbox partner, newest first.
-- row: mail_id text, kind text, recipient text, content bytes?, created_at instant
select mail_id, kind, recipient, content, created_at
  from mail
 where clock = :partner::partner_id and clock <> '' and content is not null
   and (:recipient::text? is null or recipient = :recipient)
   and (:before::text? is null or mail_id < :before)
 order by mail_id desc
 limit :limit::i64;

-- name: test_mails_forget :exec
-- What was to be sent before :until says nothing any more.
update mail set content = null
 where clock <> '' and content is not null and (sent_at is not null or failed_at is not null) and mail_id in (
       select mail_id from mail where clock <> '' and content is not null and due_at < :until::instant limit 1000);

-- name: mails_purge :exec
delete from mail
 where mail_id in (select mail_id from mail
                    where (sent_at is not null or failed_at is not null) and coalesce(sent_at, failed_at) < :until::instant
                    order by coalesce(sent_at, failed_at) limit :most::i64);
