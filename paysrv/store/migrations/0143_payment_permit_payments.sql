-- The ids under which what a buyer has allowed may have been made: one of each request that has claimed it with its key (docs/decisions/0074). It is used
-- once one of them is a payment, however long the key is remembered. null: claimed by the version before, which did not say, and used for all anybody knows.
alter table payment_permit add payments text[];
