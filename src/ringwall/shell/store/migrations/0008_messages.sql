-- depends: 0007_seen_products
-- What became of each message, over each channel, with its proof: a clock starts on delivery. A message is placed in its
-- addressee's inbox by the transaction that wrote it; other channels are tried by the queue afterwards.

alter table ringwall.person add column email text, add column phone text;
grant update (email, phone) on ringwall.person to ringwall_app;

alter table ringwall.outbox add column about text not null default '';
alter table ringwall.message
    add column sender_id uuid references ringwall.organisation,
    add column about text not null default '';
update ringwall.message m set sender_id = o.owner_id from ringwall.outbox o where o.id = m.outbox_id;
alter table ringwall.message alter column sender_id set not null;
create index message_by_owner on ringwall.message (owner_id);
create index message_by_sender on ringwall.message (sender_id, object_id);

create table ringwall.message_receipt (
    id          uuid primary key default uuidv7(),
    message_id  uuid not null references ringwall.message,
    owner_id    uuid not null references ringwall.organisation,
    sender_id   uuid not null references ringwall.organisation,
    channel     text not null check (channel in ('inbox', 'smtp', 'sms')),
    mark        text not null check (mark in ('sent', 'delivered', 'read', 'failed')),
    sent_to     text not null default '',
    at          timestamptz not null,
    proof       text not null,
    recorded_at timestamptz not null default now(),
    unique (message_id, channel, sent_to, mark)
);
alter table ringwall.message_receipt enable row level security, force row level security;
create policy narrow_functions on ringwall.message_receipt to ringwall_owner using (true) with check (true);

-- Until now a message counted as delivered when it was placed. What was opened keeps that instant; the rest waits unread.
insert into ringwall.message_receipt (message_id, owner_id, sender_id, channel, mark, at, proof)
select id, owner_id, sender_id, 'inbox', mark.name, mark.at, 'recorded before receipts were kept'
from ringwall.message m
cross join lateral (values ('sent', m.written_at), ('delivered', m.read_at), ('read', m.read_at)) mark (name, at)
where mark.at is not null;
create trigger audit after insert on ringwall.message_receipt for each row execute function ringwall.audit();

drop policy own_reading on ringwall.message;
drop policy own on ringwall.message;
alter table ringwall.message drop column delivered_at, drop column read_at;

-- Addressee and sender see a message and what became of it; nobody else does. By hand an addressee says only that it has
-- opened its own message; what servers and gateways said is written by the worker.
create policy own_or_sent on ringwall.message for select to ringwall_app using (
    owner_id = ringwall.me() or sender_id = ringwall.me()
);
create policy own_or_sent on ringwall.message_receipt for select to ringwall_app using (
    owner_id = ringwall.me() or sender_id = ringwall.me()
);
create policy own_opening on ringwall.message_receipt for insert to ringwall_app with check (
    owner_id = ringwall.me() and channel = 'inbox' and mark in ('delivered', 'read') and exists (
        select from ringwall.message m
        where m.id = message_id and m.owner_id = ringwall.me() and m.sender_id = message_receipt.sender_id
    )
);
grant select, insert on ringwall.message_receipt to ringwall_app;

-- Places one letter of the outbox in the inbox of everybody who holds its role on its object; a second call changes nothing.
create or replace function ringwall.deliver(message_id uuid) returns integer
    language plpgsql security definer set search_path = ringwall, pg_temp as $deliver$
declare
    letter ringwall.outbox;
    placed integer;
begin
    select * into letter from ringwall.outbox where id = message_id for update;
    if letter.id is null or letter.sent_at is not null then
        return 0;
    end if;
    with fresh as (
        insert into ringwall.message (owner_id, sender_id, object_id, outbox_id, topic, about, body, written_at)
        select recipient, letter.owner_id, letter.object_id, letter.id, letter.topic, letter.about, letter.body,
               letter.written_at
        from (
            select g.organisation_id as recipient from ringwall.object_grant g
            where g.object_id = letter.object_id and g.role = letter.to_role
              and now() >= g.valid_from and now() < g.valid_until
            union
            select o.owner_id from ringwall.object o where o.id = letter.object_id and letter.to_role = 'insured'
        ) recipients
        on conflict do nothing
        returning id, owner_id, sender_id, written_at
    )
    insert into ringwall.message_receipt (message_id, owner_id, sender_id, channel, mark, at, proof)
    select p.id, p.owner_id, p.sender_id, 'inbox', 'sent', p.written_at, 'letter ' || letter.id from fresh p;
    get diagnostics placed = row_count;
    update ringwall.outbox set sent_at = now() where id = message_id;
    return placed;
end
$deliver$;

-- What the queue has still to carry over other channels: row ids and counts, no text and no address.
create table jobs.sending (
    message_id uuid not null references ringwall.message,
    person_id  uuid not null references ringwall.person,
    channel    text not null check (channel in ('smtp', 'sms')),
    state      text not null default 'waiting' check (state in ('waiting', 'handed', 'done', 'dead')),
    attempts   integer not null default 0,
    due_at     timestamptz not null,
    primary key (message_id, person_id, channel)
);
create index sending_due on jobs.sending (channel, state, due_at) where state in ('waiting', 'handed');

-- Tells the queue that a message was delivered, so that the clock of its sender is set.
create function jobs.wake_clock(sender uuid, about uuid) returns void
    language plpgsql set search_path = jobs, pg_temp as $wake$
begin
    perform jobs.procrastinate_defer_jobs_v1(array[
        row('clock', 'tell_clock', 0, null, null, jsonb_build_object('sender', sender, 'object_id', about), null)
            ::jobs.procrastinate_job_to_defer_v1
    ]);
end
$wake$;

create function ringwall.wake_clock(message uuid) returns void
    language plpgsql security definer set search_path = jobs, ringwall, pg_temp as $wake$
begin
    perform jobs.wake_clock(m.sender_id, m.object_id) from ringwall.message m
    where m.id = wake_clock.message and m.owner_id = ringwall.me();
end
$wake$;
revoke all on function ringwall.wake_clock(uuid) from public;
grant execute on function ringwall.wake_clock(uuid) to ringwall_app;
