-- When a server that runs last said that it has opened the secret by this slot.
alter table secret_slot add column opened_at timestamptz;
