-- depends: 0006_sensing
-- Which product was seen where, by its identity: an index over the scans, renewed with each, so that a new entry of the
-- catalogue of known exploited vulnerabilities finds the policies that it touches without opening a scan.

create table ringwall.seen_product (
    owner_id  uuid not null references ringwall.organisation,
    object_id uuid not null references ringwall.object,
    identity  text not null,
    asset     text not null,
    locator   text not null,
    version   text not null,
    basis     text not null,
    seen_at   timestamptz not null,
    primary key (object_id, identity, asset, locator)
);
create index seen_product_by_identity on ringwall.seen_product (identity, object_id);
alter table ringwall.seen_product enable row level security, force row level security;
-- One look-up of all grants for the whole question, where holds() would be one for each of a million rows.
create policy own_or_granted on ringwall.seen_product for select to ringwall_app using (
    owner_id = ringwall.me() or object_id in (
        select g.object_id from ringwall.object_grant g
        where g.organisation_id = ringwall.me() and g.role in ('lead', 'provider')
          and now() >= g.valid_from and now() < g.valid_until
    )
);
create policy own_on_a_shared_object on ringwall.seen_product for insert to ringwall_app with check (
    owner_id = ringwall.me() and exists (select from ringwall.object o where o.id = object_id)
);
create policy own_renewed on ringwall.seen_product for delete to ringwall_app using (owner_id = ringwall.me());
grant select, insert, delete on ringwall.seen_product to ringwall_app;
