-- A store that its owner never confirmed leaves its external id to the next, as users do. What it was called stays to be read, and is no name of its
-- partner's any more: looked up and unique is external_id, which it gives away when it is closed.
alter table store add column returned_external_id text;

update store s set returned_external_id = s.external_id, external_id = null
  from store_change c
 where c.store_id = s.store_id and c.from_status = 'pending_confirmation' and c.to_status = 'closed' and s.external_id is not null;
