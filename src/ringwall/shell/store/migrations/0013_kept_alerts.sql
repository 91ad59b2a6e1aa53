-- depends: 0012_loop
-- What stands in the alert centre, kept for each reader and renewed only where something has changed; and the editions of
-- the catalogue of known exploited vulnerabilities with everything in them, by which a look is judged.

-- One row for each version of a noun that an alert may rest on: how many are known by an instant says whether anything
-- is new, without opening one of them.
create table ringwall.object_change (
    object_id uuid not null references ringwall.object,
    known_at  timestamptz not null
);
create index object_change_of_object on ringwall.object_change (object_id, known_at);
alter table ringwall.object_change enable row level security, force row level security;
create policy narrow_functions on ringwall.object_change to ringwall_owner using (true) with check (true);
-- One look-up of all grants for the whole question, where holds() would be one for each row.
create policy own_or_granted on ringwall.object_change for select to ringwall_app using (
    object_id in (select o.id from ringwall.object o where o.owner_id = ringwall.me()) or object_id in (
        select g.object_id from ringwall.object_grant g
        where g.organisation_id = ringwall.me() and now() >= g.valid_from and now() < g.valid_until
    )
);
grant select on ringwall.object_change to ringwall_app;

create function ringwall.note_change() returns trigger
    language plpgsql security definer set search_path = ringwall, pg_temp as $note$
begin
    insert into ringwall.object_change (object_id, known_at) values (new.object_id, new.known_at);
    return null;
end
$note$;

do $changes$
declare
    noun text;
begin
    foreach noun in array array['insured_profile', 'submission', 'asset', 'control_proof', 'consent', 'scan', 'finding',
        'traffic_batch', 'knowledge', 'policy', 'notice', 'finding_statement'] loop
        execute format('create trigger change after insert on ringwall.%I '
            'for each row execute function ringwall.note_change()', noun);
    end loop;
end
$changes$;

create table ringwall.kept_alerts (
    owner_id    uuid not null references ringwall.organisation,
    object_id   uuid not null references ringwall.object,
    mark        text not null,
    made_at     timestamptz not null,
    holds_until timestamptz not null,
    body        jsonb not null,
    primary key (owner_id, object_id)
);
alter table ringwall.kept_alerts enable row level security, force row level security;
create policy own on ringwall.kept_alerts to ringwall_app using (owner_id = ringwall.me())
    with check (owner_id = ringwall.me() and exists (select from ringwall.object o where o.id = object_id));
grant select, insert, update on ringwall.kept_alerts to ringwall_app;

-- What is published is no secret: whoever is signed in reads it, and an insured is judged by its own lead's editions.
alter table ringwall.feed_edition add column body jsonb;
create policy published on ringwall.feed_edition for select to ringwall_app using (ringwall.me() is not null);
