-- Who asked for a refund, answered a dispute and brought papers to it: found when that person is erased (decision 0083).
create index refund_of_initiator on refund (initiator) where initiated_by = 'user';
create index refund_queue_of_initiator on refund_queue (initiator) where initiated_by = 'user';
create index dispute_of_asker on dispute (asked_by) where asked_by is not null;
create index dispute_file_of_uploader on dispute_file (uploaded_by);

-- A user's key is kept by a digest of his subject, so that nothing that outlives him holds it: "idempotency_user", a zero, the subject. Those
-- of the last hours go on as they were made, the calls that will look for their answers with them.
create function route_by_digest(route text) returns text language sql immutable as $$
    select split_part(route, ' ', 1) || ' ' || rtrim(translate(encode(sha256('\x6964656d706f74656e63795f7573657200'::bytea
           || convert_to(split_part(route, ' ', 2), 'UTF8')), 'base64'), E'+/\n', '-_'), '=')
$$;
update idempotency set route = route_by_digest(route) where route like '% %';
update acquirer_call set idem_route = route_by_digest(idem_route) where idem_route like '% %';
drop function route_by_digest(text);
