-- Sessions of people who look at everything and change nothing.
alter table operator_session add column only_looks boolean not null default false;
