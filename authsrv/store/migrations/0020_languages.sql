-- The languages that an application asks for (ui_locales, OIDC Core 3.1.2.1), for the pages of its log-in.
alter table flow add column ui_locales text;
