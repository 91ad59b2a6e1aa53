-- depends: 0005_queue
-- What a sensor that is followed live has told: how far each was read, and its alerts, always moved together in one
-- transaction, so that a process that dies at any instant neither loses an event nor counts one twice.

create table ringwall.sensor_tail (
    owner_id    uuid not null references ringwall.organisation,
    object_id   uuid not null references ringwall.object,
    sensor      text not null,
    inode       bigint not null,
    byte_offset bigint not null check (byte_offset >= 0),
    crc         bigint not null,
    modified_ns bigint not null,
    lines       bigint not null,
    alerts      bigint not null,
    rejected    bigint not null,
    read_at     timestamptz not null default now(),
    primary key (object_id, sensor)
);

create table ringwall.sensor_alert (
    owner_id  uuid not null references ringwall.organisation,
    object_id uuid not null references ringwall.object,
    sensor    text not null,
    day       date not null,
    host      text not null,
    peer      text not null,
    port      integer not null,
    severity  integer not null,
    detail    text not null,
    first_at  timestamptz not null,
    last_at   timestamptz not null,
    events    bigint not null,
    primary key (object_id, sensor, day, host, peer, port, severity, detail)
);

do $walls$
declare
    tail text;
begin
    foreach tail in array array['sensor_tail', 'sensor_alert'] loop
        execute format('alter table ringwall.%I enable row level security, force row level security', tail);
        execute format('create policy own_or_granted on ringwall.%I for select to ringwall_app '
            'using (owner_id = ringwall.me() or ringwall.holds(object_id, array[''lead'', ''provider'']))', tail);
        execute format('create policy own_on_a_shared_object on ringwall.%I for insert to ringwall_app '
            'with check (owner_id = ringwall.me() and exists (select from ringwall.object o where o.id = object_id))', tail);
        execute format('create policy own_moves on ringwall.%I for update to ringwall_app '
            'using (owner_id = ringwall.me()) with check (owner_id = ringwall.me())', tail);
    end loop;
end
$walls$;
grant select, insert, update (inode, byte_offset, crc, modified_ns, lines, alerts, rejected, read_at)
    on ringwall.sensor_tail to ringwall_app;
grant select, insert, update (first_at, last_at, events) on ringwall.sensor_alert to ringwall_app;
