-- What goes to the bank without a second operator's word is counted over a day: many small orders are as good as a large one.
-- let_go_at: when a second operator let it go; null: nobody had to, or nobody has yet.
alter table bank_batch add column let_go_at timestamptz;
update bank_batch b set let_go_at = e.decided_at
  from manual_entry e
 where e.kind = 'order' and e.object = b.msg_id and e.status = 'booked' and not b.held;
create index bank_batch_made on bank_batch (created_at);
