-- What a partner's developer does with endpoints: two secrets while receivers change over, and the list of events.
alter table webhook_endpoint
    add column previous_secret bytea, -- sealed
    add column previous_until timestamptz,
    add constraint webhook_endpoint_previous_check check ((previous_secret is null) = (previous_until is null));

create index event_of_partner on event (partner_id, event_id);
create index event_of_type on event (partner_id, type, event_id);
create index event_of_object on event (object_id, event_id);
