-- What the bank answers: files with their lines, taken up one by one, and what could not be matched.

-- name: bank_file_of_hash :maybe
-- row: file_id i64, kind text, message_id text, account text?, statement_id text?, sequence i64?, lines i32, state text, imported_by text, created_at instant, done_at instant?, breaks i64
select f.file_id, f.kind, f.message_id, f.account, f.statement_id, f.sequence, f.lines, f.state, f.imported_by, f.created_at, f.done_at,
       (select count(*) from bank_break b where b.file_id = f.file_id)
  from bank_file f where f.hash = :hash::digest;

-- name: bank_file_find :maybe
-- row: = bank_file_of_hash
select f.file_id, f.kind, f.message_id, f.account, f.statement_id, f.sequence, f.lines, f.state, f.imported_by, f.created_at, f.done_at,
       (select count(*) from bank_break b where b.file_id = f.file_id)
  from bank_file f where f.file_id = :file::i64;

-- name: bank_file_of_statement :maybe
-- row: = bank_file_of_hash
select f.file_id, f.kind, f.message_id, f.account, f.statement_id, f.sequence, f.lines, f.state, f.imported_by, f.created_at, f.done_at,
       (select count(*) from bank_break b where b.file_id = f.file_id)
  from bank_file f where f.kind = 'camt.053' and f.account = :account::text and f.statement_id = :statement::text;

-- name: bank_file_list :many
-- row: = bank_file_of_hash
select f.file_id, f.kind, f.message_id, f.account, f.statement_id, f.sequence, f.lines, f.state, f.imported_by, f.created_at, f.done_at,
       (select count(*) from bank_break b where b.file_id = f.file_id)
  from bank_file f
 where :before::i64? is null or f.file_id < :before
 order by f.file_id desc
 limit :limit::i64;

-- name: bank_file_insert :one batch
-- The file and its lines; those that another file brought before stay that file's. A booking of the day that is known by its transfer's own name keeps
-- that: the message that told of it may not have had its entry's, and before 0105 that was not what it was called.
-- row: file_id i64, lines i32
with file as (
    insert into bank_file (hash, kind, message_id, account, statement_id, sequence, opening, closing, currency, lines, state,
                           imported_by, created_at, accepted_no, first_day, last_day, closing_day)
    select :hash::digest, :kind::text, :message::text, :account::text?, :statement::text?, nullif(:sequence::i64, 0),
           :opening::i64, :closing::i64, :currency::text?,
           (select count(*) from unnest(:line_key::digests) as k (line_key) where not exists
               (select from bank_line l where l.line_key = k.line_key)),
           :state::text, :imported_by::text, :now, case when :state = 'open' then nextval('bank_acceptance') end,
           nullif(:first_day::i64, 0), nullif(:last_day::i64, 0), nullif(:closing_day::i64, 0)
    returning file_id, lines
), fresh as (
    insert into bank_line (file_id, line_key, kind, end_to_end, order_id, amount, currency, reference, booked_on, reason, note, remittance,
                           payer_name, payer_iban)
    select f.file_id, l.line_key, l.kind, nullif(l.end_to_end, ''), nullif(l.order_id, ''), l.amount, nullif(l.currency, ''),
           coalesce((select o.reference from bank_line o
                      where o.reference = nullif(l.own_reference, '') and o.amount = l.amount and o.currency is not distinct from nullif(l.currency, '')
                        and (o.kind in ('credit', 'return')) = (l.kind in ('credit', 'return')) and left(o.booked_on, 10) = left(l.booked_on, 10) limit 1),
                    nullif(l.reference, '')), nullif(l.booked_on, ''), nullif(l.reason, ''), nullif(l.note, ''),
           nullif(l.remittance, ''), nullif(l.payer_name, ''), nullif(l.payer_iban, '')
      from file f
     cross join unnest(:line_key, :line_kind::texts, :end_to_end::texts?, :order_id::texts?, :amount::i64s, :line_currency::texts?,
                       :reference::texts?, :booked_on::texts?, :reason::texts?, :note::texts?, :remittance::texts?, :payer_name::texts?,
                       :payer_iban::texts?, :own_reference::texts?) with ordinality
             as l (line_key, kind, end_to_end, order_id, amount, currency, reference, booked_on, reason, note, remittance, payer_name, payer_iban,
                   own_reference, n)
     order by l.n
    on conflict (line_key) do nothing
)
select file_id, lines from file;

-- name: statement_last :maybe
-- The statement of this account that was taken up last.
-- row: sequence i64?, opening i64, closing i64, first_day i64, last_day i64, closing_day i64
select sequence, opening, closing, 0::bigint, 0::bigint, coalesce(closing_day, 0) from bank_file
 where kind = 'camt.053' and account = :account::text and accepted_no is not null
 order by accepted_no desc
 limit 1;

-- name: statement_last_by_days :maybe
-- The one among text statements of this account that goes on the longest.
-- row: = statement_last
select sequence, opening, closing, coalesce(first_day, 0), coalesce(last_day, 0), 0::bigint from bank_file
 where kind = '1c' and account = :account::text and accepted_no is not null
 order by last_day desc, accepted_no desc
 limit 1;

-- name: statement_of_file :maybe
-- row: = statement_last
select sequence, opening, closing, coalesce(first_day, 0), coalesce(last_day, 0), coalesce(closing_day, 0) from bank_file where file_id = :file::i64;

-- name: statement_same :maybe
-- row: sequence i64?, opening i64, closing i64
select sequence, opening, closing from bank_file
 where kind = 'camt.053' and account = :account::text and statement_id = :statement::text;

-- name: statement_same_day :maybe
-- One of the text statements of this account that begin on this day; they agree about its opening.
-- row: = statement_same
select sequence, opening, closing from bank_file
 where kind = '1c' and account = :account::text and accepted_no is not null and first_day = :first_day::i64
 limit 1;

-- name: statement_waiting :many
-- row: file_id i64, account text, statement_id text, sequence i64?, opening i64, closing i64, first_day i64, last_day i64
select file_id, coalesce(account, ''), coalesce(statement_id, ''), sequence, opening, closing, coalesce(first_day, 0), coalesce(last_day, 0)
  from bank_file
 where state = 'waiting' order by sequence, first_day, file_id limit 100;

-- name: transfer_of_number :maybe
-- The transfer of ours that was ordered as text, out of this account, in this place of the numbers, on this day of Moscow's: of this amount,
-- to this account, as the firm numbers what it pays otherwise from 1 on, too.
-- row: id text
select x.id
  from bank_batch b
 cross join lateral (select m.id, m.amount, m.account, row_number() over (order by m.rank, m.id) - 1 as n
                       from (select 1 as rank, p.payout_id as id, p.amount,
                                    (select q.account from requisite q where q.partner_id = p.partner_id and q.requisite_id = p.requisite_id) as account
                               from payout p where p.msg_id = b.msg_id
                             union all select 2, r.repayment_id, r.amount, null from repayment r where r.msg_id = b.msg_id) m) x
 where b.first_place between :place::i64 - 2000 and :place and :place < b.first_place + b.transfers and b.debtor_account = :account::text
   and (coalesce(b.let_go_at, b.created_at) at time zone 'UTC' + interval '3 hours')::date = date '1970-01-01' + :day::i64::int
   and x.n = :place - b.first_place and x.amount = :amount::i64 and x.account is not distinct from coalesce(:other::text?, x.account);

-- name: bank_file_released :one
-- row: so bool
select exists (select from bank_break where file_id = :file::i64 and kind = 'gap' and closed_by = :by::text and note = :note::text);

-- name: bank_file_open :exec
-- Its lines are taken up from now on; the gap in front of it is none any more. is_before: another one stays the last that was taken up.
with opened as (
    update bank_file set state = 'open', accepted_no = case when not :is_before::bool then nextval('bank_acceptance') end where file_id = :file::i64 and state = 'waiting' returning file_id
)
update bank_break b set closed_at = :now, closed_by = :by::text, note = :note::text
  from opened o where b.file_id = o.file_id and b.kind = 'gap' and b.closed_at is null;

-- name: bank_lines_open :many
-- What is to be taken up, in the order in which it came, after the line that was looked at last.
-- row: line_id i64, file_id i64, message text, kind text, end_to_end text?, order_id text?, amount i64, currency text?, reference text?, reason text?, note text?, booked_on text?, remittance text?, payer_name text?, payer_iban text?
select l.line_id, l.file_id, f.kind, l.kind, l.end_to_end, l.order_id, l.amount, l.currency, l.reference, l.reason, l.note, l.booked_on, l.remittance,
       l.payer_name, l.payer_iban
  from bank_line l join bank_file f on f.file_id = l.file_id
 where f.state = 'open' and l.outcome is null and (l.file_id, l.line_id) > (:after_file::i64, :after_line::i64)
 order by l.file_id, l.line_id
 limit 50;

-- name: credit_line_of_break :maybe
-- What came in and named nothing, while nobody has done anything about it, nor the bank taken it back.
-- row: = bank_lines_open
select l.line_id, l.file_id, f.kind, l.kind, l.end_to_end, l.order_id, l.amount, l.currency, l.reference, l.reason, l.note, l.booked_on, l.remittance,
       l.payer_name, l.payer_iban
  from bank_break b join bank_line l on l.line_id = b.line_id join bank_file f on f.file_id = l.file_id
 where b.break_id = :id::i64 and b.kind = 'unmatched' and b.closed_at is null and l.kind = 'credit' and (l.outcome = 'break') is true
   and not exists (select from bank_line r where r.outcome = 'break' and r.kind = 'reversal' and r.reference = l.reference and r.amount = l.amount and r.currency = l.currency offset 0)
   for no key update of b, l;

-- name: return_line_of_break :maybe
-- What came back of a payout or a refund and is another amount, while nobody has done anything about it.
-- row: = bank_lines_open
select l.line_id, l.file_id, f.kind, l.kind, l.end_to_end, l.order_id, l.amount, l.currency, l.reference, l.reason, l.note, l.booked_on, l.remittance,
       l.payer_name, l.payer_iban
  from bank_break b join bank_line l on l.line_id = b.line_id join bank_file f on f.file_id = l.file_id
 where b.break_id = :id::i64 and b.kind = 'amount' and b.closed_at is null and l.kind = 'return' and (l.outcome = 'break') is true
   for no key update of b, l;

-- name: bank_line_reopen :exec
update bank_line set outcome = null, done_at = null where line_id = :line::i64 and outcome = 'break';

-- name: order_booked :one
-- Whether another booking in such a message has shown that this order, or a transfer of it, left.
-- row: is_booked bool
select exists (select from bank_line l join bank_file f on f.file_id = l.file_id
                where l.order_id = :order::text and l.end_to_end is null and l.kind = 'debit' and f.kind = :message::text
                  and l.outcome in ('applied', 'known') and l.line_id <> :line::i64)
    or exists (select from payout p join bank_line l on l.payout_id = p.payout_id join bank_file f on f.file_id = l.file_id
                where p.msg_id = :order and l.kind = 'debit' and f.kind = :message and l.outcome in ('applied', 'known'))
    or exists (select from repayment r join bank_line l on l.repayment_id = r.repayment_id join bank_file f on f.file_id = l.file_id
                where r.msg_id = :order and l.kind = 'debit' and f.kind = :message and l.outcome in ('applied', 'known'));

-- name: bank_breaks_touch :exec
-- Before it is asked what an operator has booked of this line's booking: who books it at this moment is waited for, and who began before meets what
-- the line is by now (docs/decisions/0104).
update bank_break b set note = b.note
 where b.closed_at is null and b.line_id = any (array(select o.line_id from bank_lines_like(:line::i64) o where not o.is_here));

-- name: bank_line_told :one
-- Whether another message has told of this booking: notice and statement each have it, and a notice what another one had. By the bank's own name of
-- it; details of one entry share that, so as many are told as there are. so: in the same words, and it is a break there, or was. is_entered: in
-- whatever words, and an operator has booked it by an entry there, of this resolution; is_news: in none of those of this line. given_call: he has given
-- it to this payment there.
-- row: so bool, is_entered bool, is_news bool, resolution text?, given_call text?, given_payment text?
with same as (
    select o.is_here, o.is_alike, o.is_same, o.outcome = 'noted' and o.line_id <> :line::i64 as is_noted, o.outcome = 'known' as is_known,
           x.is_break, x.resolution, c.call_id, c.payment_id
      from bank_lines_like(:line) o
     cross join lateral (select count(*) > 0 as is_break, max(b.resolution) filter (where b.entry_id is not null) as resolution
                           from bank_break b where b.line_id = o.line_id) x
      left join transfer_credit c on x.is_break and o.outcome = 'applied' and c.credit_id = o.credit_id
)
select count(*) filter (where not is_here and is_break and is_alike) > count(*) filter (where is_here and is_noted and is_alike),
       count(*) filter (where not is_here and resolution is not null) > count(*) filter (where is_here and is_noted),
       not coalesce(bool_or(is_same) filter (where not is_here and resolution is not null), false),
       max(resolution) filter (where not is_here),
       case when count(call_id) filter (where not is_here) > count(*) filter (where is_here and (is_noted or is_known))
            then max(call_id) filter (where not is_here) end,
       max(payment_id) filter (where not is_here)
  from same;

-- name: bank_booking_left :one
-- row: unbooked i64, coming i64
select unbooked, coming from bank_booking_left(:line::i64);

-- name: bank_breaks_booked :one
-- What was a break and has come into the books by another message. Goes on along the open ones and begins again behind the last: a few at a time, since
-- each is asked with all lines like it.
-- row: looked i64
with walk as materialized (
    select position from bank_break_walk for no key update skip locked
), seen as materialized (
    select b.break_id from bank_break b
     where b.closed_at is null and b.source = 'bank' and b.entry_id is null and b.break_id > (select position from walk)
     order by b.break_id limit :most::i64
), booked as (
    update bank_break b set closed_at = :now, closed_by = 'paysrv', resolution = 'matched', note = 'another message has booked it'
     where b.break_id = any (array(select break_id from seen)) and (b.closed_at is null) is true and b.entry_id is null
       and (select l.outcome = 'break' and l.amount > 0 and (select f.unbooked from bank_booking_left(l.line_id) f) <= 0
              from bank_line l where l.line_id = b.line_id)
), moved as (
    update bank_break_walk
       set position = case when (select count(*) from seen) < :most then 0 else (select max(break_id) from seen) end
     where exists (select from walk)
)
select count(*) from seen;

-- name: bank_break_pass :exec
-- Past the next one, which cannot be read.
update bank_break_walk
   set position = coalesce((select min(b.break_id) from bank_break b
                             where b.closed_at is null and b.source = 'bank' and b.entry_id is null and b.break_id > bank_break_walk.position), 0);

-- name: bank_line_done :exec
-- What moves no money.
update bank_line set outcome = :outcome::text, payout_id = :payout::text?, done_at = :now
 where line_id = :line::i64 and outcome is null;

-- name: bank_files_finish :exec
update bank_file f set state = 'done', done_at = :now
 where f.state = 'open' and not exists (select from bank_line l where l.file_id = f.file_id and l.outcome is null);

-- name: bank_break_open :exec
-- With a line, the line is taken up in the same statement. What was closed and comes again is open again, and says how it was closed;
-- not what a line or an entry belongs to, which is one time.
with taken as (
    update bank_line set outcome = 'break', payout_id = :payout::text?, done_at = :now
     where line_id = :line::i64? and outcome is null
    returning line_id
)
insert into bank_break (kind, ref, line_id, file_id, payout_id, amount, currency, detail, created_at)
select :kind::text, :ref::text, :line, :file::i64?, :payout, :amount::i64?, :currency::text?, :detail::text, :now
 where :line is null or exists (select from taken)
on conflict (kind, ref) do update
   set closed_at = null, closed_by = null, note = null, assignee = null, resolution = null, moved_at_last = null, created_at = excluded.created_at,
       file_id = excluded.file_id,
       amount = excluded.amount, detail = excluded.detail || ' (closed before by ' || bank_break.closed_by || ': ' || coalesce(bank_break.note, '') || ')'
 where bank_break.closed_at is not null and bank_break.line_id is null and bank_break.settlement_line is null and bank_break.entry_id is null;

-- name: bank_break_list :many
-- Newest first. waits: an entry by hand about it, whose object begins with its number, has to be approved by another operator.
-- row: break_id i64, source text, kind text, ref text, payout_id text?, partner_id text?, amount i64?, currency text?, detail text, assignee text?, resolution text?, created_at instant, closed_at instant?, closed_by text?, note text?, is_bookable bool, payer_name text?, payer_iban text?, remittance text?, is_credit bool, held_credit text?, settlement_id i64?, settlement_ref text?, payment_id text?, moved i64?, pays i64?, is_return bool, waits bool
select break_id, source, kind, ref, payout_id, partner_id, amount, currency, detail, assignee, resolution, created_at, closed_at, closed_by, note,
       is_bookable, payer_name, payer_iban, remittance, is_credit, held_credit, settlement_id, settlement_ref, payment_id, moved, pays, is_return,
       exists (select from manual_entry m where m.status = 'waiting' and m.kind in ('resolve', 'assign') and split_part(m.object, ' ', 1) = break_id::text)
  from bank_break_shown
 where (:before::i64? is null or break_id < :before) and (not :only_open::bool or closed_at is null) and (:source::text? is null or source = :source)
 order by break_id desc
 limit :limit::i64;

-- name: bank_breaks_of_settlement :many
-- Those of a registry of the acquirer's, open or not.
-- row: = bank_break_list
select break_id, source, kind, ref, payout_id, partner_id, amount, currency, detail, assignee, resolution, created_at, closed_at, closed_by, note,
       is_bookable, payer_name, payer_iban, remittance, is_credit, held_credit, settlement_id, settlement_ref, payment_id, moved, pays, is_return,
       exists (select from manual_entry m where m.status = 'waiting' and m.kind in ('resolve', 'assign') and split_part(m.object, ' ', 1) = break_id::text)
  from bank_break_shown
 where settlement_id = :settlement::i64
 order by break_id limit :limit::i64;

-- name: bank_break_find :maybe
-- row: = bank_break_list
select break_id, source, kind, ref, payout_id, partner_id, amount, currency, detail, assignee, resolution, created_at, closed_at, closed_by, note,
       is_bookable, payer_name, payer_iban, remittance, is_credit, held_credit, settlement_id, settlement_ref, payment_id, moved, pays, is_return,
       exists (select from manual_entry m where m.status = 'waiting' and m.kind in ('resolve', 'assign') and split_part(m.object, ' ', 1) = break_id::text)
  from bank_break_shown
 where break_id = :id::i64;

-- name: bank_break_close :exec
update bank_break set closed_at = :now, closed_by = :by::text, note = :note::text
 where break_id = :id::i64 and closed_at is null;

-- name: bank_balance_list :many
-- Of each currency the newest statements of all accounts of ours, as one sum, beside the books, which do not know of accounts. file_id, account,
-- statement, created_at: of the newest among them. rested: of what nobody has booked, what is asked for no more (bank_breaks_rest); the rest is of
-- bank_breaks_moving.
-- row: file_id i64, account text, currency text, statement text, closing i64, created_at instant, is_taken_up bool, booked i64, rested i64, accounts texts, closings i64s
with newest as (
    select distinct on (account) file_id, account, currency, coalesce(statement_id, message_id) as statement, closing, created_at, state
      from bank_file where kind in ('camt.053', '1c') and accepted_no is not null and account is not null
     order by account, last_day desc nulls last, accepted_no desc
), held as (
    select n.currency, array_agg(n.file_id order by n.created_at desc, n.file_id desc) as files,
           array_agg(n.account order by n.created_at desc, n.file_id desc) as accounts,
           array_agg(n.statement order by n.created_at desc, n.file_id desc) as statements,
           array_agg(n.closing order by n.created_at desc, n.file_id desc) as closings,
           sum(n.closing)::bigint as closing, max(n.created_at) as created_at, bool_and(n.state = 'done') as is_taken_up
      from newest n group by n.currency
)
select h.files[1], h.accounts[1], coalesce(h.currency, ''), h.statements[1], h.closing, h.created_at, h.is_taken_up,
       (select coalesce(sum(b.posted + coalesce(k.tail, 0)), 0)::bigint
          from partner p
         cross join lateral (select a.account_id from account a where a.partner_id = p.partner_id and a.kind = 'bank' and a.currency = h.currency offset 0) a
          join balance b on b.account_id = a.account_id
          left join lateral (select sum(q.amount) as tail from posting q
                              where (q.account_id, q.entry_id) > (a.account_id, b.folded_to) and q.account_id <= a.account_id) k on true
         where not p.is_sandbox),
       (select coalesce(sum(b.moved_at_last), 0)::bigint from bank_break b
         where b.currency = h.currency and b.resolution is null and b.moved_at_last <> 0),
       h.accounts, h.closings
  from held h order by h.currency limit 100;

-- name: bank_breaks_moving :many
-- What lines have moved that nobody has booked, closed with a note or not; from after the cursor. A few at a time, since each is asked with all lines
-- like it.
-- row: break_id i64, currency text, moved i64
select b.break_id, coalesce(b.currency, ''), coalesce(m.moved, 0)
  from (select x.break_id, x.currency from bank_break x
         where x.resolution is null and x.moved_at_last is null and x.break_id > :after::i64 order by x.break_id limit :most::i64) b
 cross join lateral (select s.moved from bank_break_shown s where s.break_id = b.break_id offset 0) m
 order by b.break_id;

-- name: bank_breaks_rest :exec
-- What the lines of those have moved that were closed with a note before: no message tells of it any more, and it is asked for no more.
update bank_break b set moved_at_last = coalesce((select s.moved from bank_break_shown s where s.break_id = b.break_id), 0)
 where b.break_id = any (array(select x.break_id from bank_break x
                                where x.resolution is null and x.moved_at_last is null and x.closed_at < :before::instant
                                order by x.closed_at limit :most::i64))
   and (b.moved_at_last is null) is true and b.closed_at is not null;

-- name: bank_apart_note :exec
update bank_file set apart_low = least(apart_low, :apart::i64), apart_high = greatest(apart_high, :apart)
 where file_id = :file::i64 and (apart_low is null or apart_low > :apart or apart_high < :apart);

-- name: bank_apart_days :many
-- The newest days on which these accounts had statements: what was apart while each was the newest. statement: one of the day's.
-- row: statement text, low i64, high i64
select coalesce(max(coalesce(f.statement_id, f.message_id)), ''), coalesce(min(f.apart_low), 0), coalesce(max(f.apart_high), 0)
  from unnest(:accounts::texts) as a (account)
 cross join lateral (select y.statement_id, y.message_id, y.apart_low, y.apart_high, (y.created_at at time zone 'UTC')::date as day from bank_file y
                      where y.account = a.account and y.apart_low is not null
                      order by y.created_at desc limit 300) f
 group by f.day order by f.day desc limit :days::i64;

-- name: bank_breaks_count :one
-- row: n i64, oldest instant?
select count(*), min(created_at) from bank_break where closed_at is null;

-- name: bank_channel_read :one
-- row: last_file i64
select last_file from bank_channel where name = :channel::text;

-- name: bank_channel_move :exec
update bank_channel set last_file = :number::i64 where name = :channel::text and last_file < :number;
