-- Up to which event the purge has looked, in this round; '': it begins. Events that are kept for an endpoint which is switched off may be many.
alter table event_horizon add column looked_to text not null default '';
