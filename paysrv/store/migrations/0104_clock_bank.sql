-- A payout is due to the test bank when the test bank takes it: in each currency, by that rail alone, and not while it is not known whose the
-- account is. One to an account that was ended goes back to its seller, whatever else holds it.
do $$
declare
    work text := pg_get_viewdef('clock_work'::regclass);
    known text := 'WHERE ((p.status = ''confirmed''::text) AND (p.currency = ''EUR''::text) AND (u.payouts_frozen_at IS NULL) AND (p.clock <> ''''::text))';
begin
    if position(known in work) = 0 then
        raise exception 'clock_work looks at payouts for the test bank otherwise than it did';
    end if;
    execute 'create or replace view clock_work as '
        || replace(work, known, 'join requisite r on r.partner_id = p.partner_id and r.requisite_id = p.requisite_id
 where p.status = ''confirmed'' and p.rail = ''bank'' and p.clock <> ''''
   and (r.disabled_at is not null
        or u.payouts_frozen_at is null
           and not exists (select from requisite_verification v
                            where v.partner_id = p.partner_id and v.requisite_id = p.requisite_id and v.holds))');
end $$;
