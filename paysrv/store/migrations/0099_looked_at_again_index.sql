-- concurrently
drop index concurrently if exists pay_user_look_again;
create index concurrently pay_user_look_again on pay_user (look_again_at) where look_again_at is not null;
