-- Whose a payment is whose days are to be written down, and when it is looked at: each partner's have their turn, and of two servers one takes it.
-- Rows of before, and of a server of before, are nobody's ('') and due at once: they have a turn of their own.
alter table settlement_due
    add column partner_id text not null default '',
    add column look_at timestamptz not null default 'epoch';
