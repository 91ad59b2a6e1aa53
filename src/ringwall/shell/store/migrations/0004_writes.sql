-- depends: 0003_money
-- How a write is made once: idempotency keys, messages in the same transaction, files by their content.

create table ringwall.idempotency (
    owner_id    uuid not null references ringwall.organisation,
    key         text not null,
    fingerprint bytea not null,
    response    jsonb not null,
    recorded_at timestamptz not null default now(),
    primary key (owner_id, key)
);

create table ringwall.outbox (
    id          uuid primary key default uuidv7(),
    owner_id    uuid not null references ringwall.organisation,
    object_id   uuid not null references ringwall.object,
    topic       text not null,
    to_role     text not null,
    body        jsonb not null,
    written_at  timestamptz not null,
    recorded_at timestamptz not null default now(),
    sent_at     timestamptz
);

create table ringwall.message (
    id           uuid primary key default uuidv7(),
    owner_id     uuid not null references ringwall.organisation,
    object_id    uuid not null references ringwall.object,
    outbox_id    uuid not null references ringwall.outbox,
    topic        text not null,
    body         jsonb not null,
    written_at   timestamptz not null,
    delivered_at timestamptz not null default now(),
    read_at      timestamptz,
    unique (outbox_id, owner_id)
);

create table ringwall.stored_file (
    id          uuid primary key default uuidv7(),
    owner_id    uuid not null references ringwall.organisation,
    object_id   uuid not null references ringwall.object,
    sha256      text not null,
    name        text not null,
    media_type  text not null,
    size_bytes  bigint not null,
    readers     text[] not null,
    recorded_at timestamptz not null default now(),
    unique (owner_id, object_id, sha256, name)
);

alter table ringwall.idempotency enable row level security, force row level security;
alter table ringwall.outbox enable row level security, force row level security;
alter table ringwall.message enable row level security, force row level security;
alter table ringwall.stored_file enable row level security, force row level security;

create policy own on ringwall.idempotency to ringwall_app using (owner_id = ringwall.me()) with check (owner_id = ringwall.me());
create policy narrow_functions on ringwall.outbox to ringwall_owner using (true) with check (true);
create policy narrow_functions on ringwall.message to ringwall_owner using (true) with check (true);
create policy own on ringwall.outbox for select to ringwall_app using (owner_id = ringwall.me());
create policy own_on_a_shared_object on ringwall.outbox for insert to ringwall_app with check (
    owner_id = ringwall.me() and exists (select from ringwall.object o where o.id = object_id)
);
create policy own on ringwall.message for select to ringwall_app using (owner_id = ringwall.me());
create policy own_reading on ringwall.message for update to ringwall_app using (owner_id = ringwall.me()) with check (owner_id = ringwall.me());
create policy own_or_granted on ringwall.stored_file for select to ringwall_app using (
    owner_id = ringwall.me() or ringwall.holds(object_id, readers)
);
create policy own_on_a_shared_object on ringwall.stored_file for insert to ringwall_app with check (
    owner_id = ringwall.me() and exists (select from ringwall.object o where o.id = object_id)
);
create trigger audit after insert on ringwall.stored_file for each row execute function ringwall.audit();

grant select, insert on ringwall.idempotency, ringwall.outbox, ringwall.stored_file to ringwall_app;
grant select, update (read_at) on ringwall.message to ringwall_app;

-- Delivers one message of the outbox to everybody who holds its role on its object; a second call changes nothing.
create function ringwall.deliver(message_id uuid) returns integer
    language plpgsql security definer set search_path = ringwall, pg_temp as $deliver$
declare
    letter ringwall.outbox;
    delivered integer;
begin
    select * into letter from ringwall.outbox where id = message_id for update;
    if letter.id is null or letter.sent_at is not null then
        return 0;
    end if;
    insert into ringwall.message (owner_id, object_id, outbox_id, topic, body, written_at)
    select recipient, letter.object_id, letter.id, letter.topic, letter.body, letter.written_at from (
        select g.organisation_id as recipient from ringwall.object_grant g
        where g.object_id = letter.object_id and g.role = letter.to_role and now() >= g.valid_from and now() < g.valid_until
        union
        select o.owner_id from ringwall.object o where o.id = letter.object_id and letter.to_role = 'insured'
    ) recipients
    on conflict do nothing;
    get diagnostics delivered = row_count;
    update ringwall.outbox set sent_at = now() where id = message_id;
    return delivered;
end
$deliver$;
revoke all on function ringwall.deliver(uuid) from public;
grant execute on function ringwall.deliver(uuid) to ringwall_app;

-- Numbers that people read: one series a kind and year of each organisation, drawn under a row lock, without gaps.
create table ringwall.number_series (
    owner_id uuid not null references ringwall.organisation,
    series   text not null,
    last     bigint not null,
    primary key (owner_id, series)
);
alter table ringwall.number_series enable row level security, force row level security;
create policy own on ringwall.number_series to ringwall_app using (owner_id = ringwall.me()) with check (owner_id = ringwall.me());
grant select, insert, update (last) on ringwall.number_series to ringwall_app;
