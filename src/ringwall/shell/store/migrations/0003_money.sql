-- depends: 0002_nouns
-- Money: double entry for each participant, and the panel's chain of postings, which crosses insurers
-- through one narrow function.

create table ringwall.transfer (
    id           uuid primary key,
    owner_id     uuid not null references ringwall.organisation,
    object_id    uuid not null references ringwall.object,
    entry        text not null,
    line         integer not null,
    debit        text not null,
    credit       text not null,
    amount_minor bigint not null check (amount_minor > 0),
    currency     text not null default 'CNY',
    effective_on date not null,
    known_at     timestamptz not null,
    state        text not null default 'posted' check (state in ('pending', 'posted', 'voided')),
    reference    text not null,
    recorded_at  timestamptz not null default now(),
    check (debit <> credit),
    unique (owner_id, entry, line)
);
create index on ringwall.transfer (owner_id, object_id, effective_on);

create table ringwall.panel_posting (
    id                  uuid primary key default uuidv7(),
    owner_id            uuid not null references ringwall.organisation,
    object_id           uuid not null references ringwall.object,
    panel               text not null,
    kind                text not null check (kind in ('premium', 'claim')),
    number              integer not null check (number > 0),
    place               integer not null,
    posting             text not null,
    amount_minor        bigint not null,
    running_total_minor bigint not null,
    part_minor          bigint not null,
    currency            text not null default 'CNY',
    decided_by          text not null,
    effective_on        date not null,
    known_at            timestamptz not null,
    recorded_at         timestamptz not null default now(),
    unique (panel, kind, currency, number, place),
    unique (panel, kind, currency, posting, place)
);

alter table ringwall.transfer enable row level security, force row level security;
alter table ringwall.panel_posting enable row level security, force row level security;
create policy narrow_functions on ringwall.panel_posting to ringwall_owner using (true) with check (true);
create policy own on ringwall.transfer for select to ringwall_app using (owner_id = ringwall.me());
create policy own_on_a_shared_object on ringwall.transfer for insert to ringwall_app with check (
    owner_id = ringwall.me() and exists (select from ringwall.object o where o.id = object_id)
);
-- Each carrier sees the whole chain of its panel, so that it can compute its parts again.
create policy carriers_of_the_panel on ringwall.panel_posting for select to ringwall_app using (
    owner_id = ringwall.me() or ringwall.holds(object_id, array['lead', 'follower'])
);
create trigger audit after insert on ringwall.transfer for each row execute function ringwall.audit();
create trigger audit after insert on ringwall.panel_posting for each row execute function ringwall.audit();
grant select, insert on ringwall.transfer to ringwall_app;
grant select on ringwall.panel_posting to ringwall_app;

-- The running total of one sequence, with the lock that orders its numbers held until the transaction ends.
create function ringwall.panel_sequence(wanted_panel text, wanted_kind text, wanted_currency text)
    returns table (number integer, running_total_minor bigint)
    language plpgsql security definer set search_path = ringwall, pg_temp as $sequence$
begin
    perform pg_advisory_xact_lock(hashtextextended(concat_ws(':', 'ringwall.panel', wanted_panel, wanted_kind, wanted_currency), 0));
    return query
        select p.number, p.running_total_minor from ringwall.panel_posting p
        where p.panel = wanted_panel and p.kind = wanted_kind and p.currency = wanted_currency
          and ringwall.holds(p.object_id, array['lead'])
        order by p.number desc limit 1;
end
$sequence$;

-- Books one posting of the panel for all carriers at once. Only the lead of the object calls it; the parts must sum to the
-- amount and the running total must go on from the last one. It writes panel_posting (audited for each carrier), nothing else.
create function ringwall.post_to_panel(
    object uuid, wanted_panel text, wanted_kind text, posting_number integer, posting_name text, amount bigint, total bigint,
    carriers uuid[], parts bigint[], decided text, effective date, known timestamptz, wanted_currency text default 'CNY'
) returns void
    language plpgsql security definer set search_path = ringwall, pg_temp as $post$
declare
    last record;
begin
    if not ringwall.holds(object, array['lead']) then
        raise exception 'only the lead of the object posts to its panel' using errcode = 'insufficient_privilege';
    end if;
    if cardinality(carriers) <> cardinality(parts) or (select sum(part) from unnest(parts) part) <> amount then
        raise exception 'the parts do not sum to the amount %', amount using errcode = 'check_violation';
    end if;
    if exists (
        select from unnest(carriers) carrier where carrier <> ringwall.me() and not exists (
            select from ringwall.object_grant g where g.object_id = object and g.organisation_id = carrier
              and g.role = 'follower' and now() >= g.valid_from and now() < g.valid_until)
    ) then
        raise exception 'a carrier of the posting is not on the panel' using errcode = 'insufficient_privilege';
    end if;
    select s.number, s.running_total_minor into last from ringwall.panel_sequence(wanted_panel, wanted_kind, wanted_currency) s;
    if coalesce(last.number, 0) + 1 <> posting_number or coalesce(last.running_total_minor, 0) + amount <> total then
        raise exception 'the sequence has moved on: last number %, total %', last.number, last.running_total_minor
            using errcode = 'serialization_failure';
    end if;
    insert into ringwall.panel_posting (owner_id, object_id, panel, kind, number, place, posting, amount_minor,
        running_total_minor, part_minor, currency, decided_by, effective_on, known_at)
    select carrier, object, wanted_panel, wanted_kind, posting_number, place, posting_name, amount, total, part,
        wanted_currency, decided, effective, known
    from unnest(carriers, parts) with ordinality as u (carrier, part, place);
end
$post$;
revoke all on function ringwall.panel_sequence(text, text, text) from public;
revoke all on function ringwall.post_to_panel(uuid, text, text, integer, text, bigint, bigint, uuid[], bigint[], text, date, timestamptz, text) from public;
grant execute on function ringwall.panel_sequence(text, text, text) to ringwall_app;
grant execute on function ringwall.post_to_panel(uuid, text, text, integer, text, bigint, bigint, uuid[], bigint[], text, date, timestamptz, text) to ringwall_app;
