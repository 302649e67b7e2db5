-- Who was closed is looked at once more when all that began before is through (docs/decisions/0104): a payment that he shares in, taken at that moment,
-- could not be seen by who closed him, nor see that he was closed.
alter table pay_user add column look_again_at timestamptz;
