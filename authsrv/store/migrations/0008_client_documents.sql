-- Clients whose id is the URL of their own metadata document: when it was last fetched and found good.
alter table client add column document_at timestamptz;
