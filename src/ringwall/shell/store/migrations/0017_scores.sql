-- depends: 0016_provider_terms
-- The scores (EPSS) of an edition, packed; a table that several insurers have taken is kept once, under its digest.

alter table ringwall.feed_edition add column digest text, add column scores bytea;
create index feed_edition_by_digest on ringwall.feed_edition (digest) where scores is not null;
