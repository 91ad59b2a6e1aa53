-- depends: 0008_messages
-- A year of a sensor's files as counts: each file adds its own in the transaction that notes it as taken, so that the
-- raw file may go after seven days and the rows of interest after ninety, and the indicators still read months.

create table ringwall.sensor_file (
    owner_id    uuid not null references ringwall.organisation,
    object_id   uuid not null references ringwall.object,
    sensor      text not null,
    name        text not null,
    size_bytes  bigint not null,
    modified_ns bigint not null,
    sha256      text not null,
    taken_at    timestamptz not null default now(),
    primary key (object_id, sensor, name, size_bytes, modified_ns)
);

create table ringwall.sensor_hour (
    owner_id      uuid not null references ringwall.organisation,
    object_id     uuid not null references ringwall.object,
    sensor        text not null,
    host          text not null,
    hour          timestamptz not null,
    event_type    text not null,
    events        bigint not null,
    bytes_out     bigint not null,
    bytes_in      bigint not null,
    severe_alerts bigint not null,
    primary key (object_id, sensor, host, hour, event_type)
);

-- What is told apart within a day: certificates shown (events) and expired (bad), logins in the clear by protocol.
create table ringwall.sensor_day (
    owner_id  uuid not null references ringwall.organisation,
    object_id uuid not null references ringwall.object,
    sensor    text not null,
    host      text not null,
    day       date not null,
    what      text not null,
    events    bigint not null,
    bad       bigint not null,
    primary key (object_id, sensor, host, day, what)
);

create table ringwall.sensor_names (
    owner_id    uuid not null references ringwall.organisation,
    object_id   uuid not null references ringwall.object,
    sensor      text not null,
    host        text not null,
    day         date not null,
    domain      text not null,
    most_names  bigint not null,
    weight      bigint not null,
    label_sum   double precision not null,
    entropy_sum double precision not null,
    marks       bigint[] not null,
    primary key (object_id, sensor, host, day, domain)
);

create table ringwall.sensor_calls (
    owner_id  uuid not null references ringwall.organisation,
    object_id uuid not null references ringwall.object,
    sensor    text not null,
    host      text not null,
    peer      text not null,
    port      integer not null,
    day       date not null,
    starts    bigint[] not null,
    sizes     bigint[] not null,
    primary key (object_id, sensor, host, peer, port, day)
);

-- HyperLogLog registers of a host's day: how many different peers it called, how many names it asked for.
create table ringwall.sensor_sketch (
    owner_id  uuid not null references ringwall.organisation,
    object_id uuid not null references ringwall.object,
    sensor    text not null,
    host      text not null,
    day       date not null,
    what      text not null,
    registers bytea not null,
    primary key (object_id, sensor, host, day, what)
);

create table ringwall.sensor_row (
    owner_id  uuid not null references ringwall.organisation,
    object_id uuid not null references ringwall.object,
    sensor    text not null,
    kind      text not null,
    host      text not null,
    peer      text not null,
    port      integer not null,
    day       date not null,
    severity  integer not null,
    detail    text not null,
    first_at  timestamptz not null,
    last_at   timestamptz not null,
    events    bigint not null,
    primary key (object_id, sensor, day, kind, host, peer, port, severity, detail)
);

do $walls$
declare
    counted text;
begin
    foreach counted in array array['sensor_file', 'sensor_hour', 'sensor_day', 'sensor_names', 'sensor_calls',
                                   'sensor_sketch', 'sensor_row'] loop
        execute format('alter table ringwall.%I enable row level security, force row level security', counted);
        execute format('create policy own_or_granted on ringwall.%I for select to ringwall_app using ('
            'owner_id = ringwall.me() or object_id in (select g.object_id from ringwall.object_grant g '
            'where g.organisation_id = ringwall.me() and g.role in (''lead'', ''provider'') '
            'and now() >= g.valid_from and now() < g.valid_until))', counted);
        execute format('create policy own_on_a_shared_object on ringwall.%I for insert to ringwall_app '
            'with check (owner_id = ringwall.me() and exists (select from ringwall.object o where o.id = object_id))', counted);
        execute format('create policy own_moves on ringwall.%I for update to ringwall_app '
            'using (owner_id = ringwall.me()) with check (owner_id = ringwall.me())', counted);
        execute format('grant select, insert on ringwall.%I to ringwall_app', counted);
    end loop;
    foreach counted in array array['sensor_row', 'sensor_alert'] loop
        execute format('create policy own_goes on ringwall.%I for delete to ringwall_app using (owner_id = ringwall.me())',
            counted);
        execute format('grant delete on ringwall.%I to ringwall_app', counted);
    end loop;
end
$walls$;
grant update (events, bytes_out, bytes_in, severe_alerts) on ringwall.sensor_hour to ringwall_app;
grant update (events, bad) on ringwall.sensor_day to ringwall_app;
grant update (most_names, weight, label_sum, entropy_sum, marks) on ringwall.sensor_names to ringwall_app;
grant update (starts, sizes) on ringwall.sensor_calls to ringwall_app;
grant update (registers) on ringwall.sensor_sketch to ringwall_app;
grant update (first_at, last_at, events) on ringwall.sensor_row to ringwall_app;

-- The editions of a feed that an insurer has taken, with the date of everything in them.
create table ringwall.feed_edition (
    id         uuid primary key default uuidv7(),
    owner_id   uuid not null references ringwall.organisation,
    feed       text not null,
    version    text not null,
    dated      date not null,
    entries    text[] not null,
    source     text not null,
    taken_at   timestamptz not null
);
create index feed_edition_of_owner on ringwall.feed_edition (owner_id, feed);
alter table ringwall.feed_edition enable row level security, force row level security;
create policy own on ringwall.feed_edition to ringwall_app
    using (owner_id = ringwall.me()) with check (owner_id = ringwall.me());
grant select, insert on ringwall.feed_edition to ringwall_app;

-- Reports that others hand in. Findings may be written by insured, lead or
-- provider, so that the insured reads what the others wrote about it.
call ringwall.make_noun('report', array['insured', 'lead']);
drop policy own_or_granted on ringwall.finding;
create policy own_or_granted on ringwall.finding for select to ringwall_app using (
    owner_id = ringwall.me() or ringwall.holds(object_id, array['insured', 'broker', 'lead', 'provider'])
);
