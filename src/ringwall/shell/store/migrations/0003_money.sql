-- depends: 0002_nouns
-- Money: each participant's own journal of movements, and the panel's chain of postings, which crosses insurers
-- through one narrow function.

create table ringwall.transfer (
    owner_id     uuid not null references ringwall.organisation,
    id           text not null,
    object_id    uuid not null references ringwall.object,
    debit        text not null,
    credit       text not null,
    amount_minor bigint not null check (amount_minor > 0),
    currency     text not null,
    effective_on date not null,
    known_at     timestamptz not null,
    state        text not null check (state in ('pending', 'posted', 'voided')),
    reference    text not null,
    settles      text not null default '',
    recorded_at  timestamptz not null default now(),
    primary key (owner_id, id),
    check (debit <> credit)
);
create index on ringwall.transfer (owner_id, object_id, effective_on);

create table ringwall.panel_posting (
    id                  uuid primary key default uuidv7(),
    owner_id            uuid not null references ringwall.organisation,
    object_id           uuid not null references ringwall.object,
    panel               text not null,
    sequence            text not null check (sequence in ('premium', 'vat', 'claim', 'reserve')),
    number              integer not null check (number > 0),
    place               integer not null check (place > 0),
    amount_minor        bigint not null,
    running_total_minor bigint not null,
    part_minor          bigint not null,
    currency            text not null,
    body                jsonb not null,
    recorded_at         timestamptz not null default now(),
    unique (panel, sequence, currency, number, place)
);
create index on ringwall.panel_posting (object_id, sequence, number);

alter table ringwall.transfer enable row level security, force row level security;
alter table ringwall.panel_posting enable row level security, force row level security;
create policy narrow_functions on ringwall.transfer to ringwall_owner using (true) with check (true);
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

-- Takes the lock that orders one sequence's numbers; it is held until the transaction ends.
create function ringwall.lock_panel(panel text, sequence text, currency text) returns void
    language sql
    return pg_advisory_xact_lock(hashtextextended(concat_ws(':', 'ringwall.panel', panel, sequence, currency), 0));

-- Books one posting of the panel for all carriers at once, with the movements that it makes in each carrier's books.
-- Only the lead of the object calls it; carriers are the lead and its followers; the parts sum to the amount, and number
-- and running total go on from the last posting. It writes panel_posting and transfer, both audited for their owner.
create function ringwall.post_to_panel(
    object uuid, posting_panel text, posting_sequence text, posting_currency text, posting_number integer, amount bigint,
    total bigint, carriers uuid[], parts bigint[], posting_body jsonb, movements jsonb
) returns void
    language plpgsql security definer set search_path = ringwall, pg_temp as $post$
declare
    last ringwall.panel_posting;
begin
    if not ringwall.holds(object, array['lead']) then
        raise exception 'only the lead of the object posts to its panel' using errcode = 'insufficient_privilege';
    end if;
    if exists (
        select from unnest(carriers) carrier where carrier <> ringwall.me() and not exists (
            select from ringwall.object_grant g where g.object_id = object and g.organisation_id = carrier
              and g.role = 'follower' and now() >= g.valid_from and now() < g.valid_until)
    ) then
        raise exception 'a carrier of the posting is not on the panel' using errcode = 'insufficient_privilege';
    end if;
    if exists (select from jsonb_to_recordset(movements) m (owner_id uuid) where m.owner_id <> all (carriers)) then
        raise exception 'a movement belongs to nobody on the panel' using errcode = 'insufficient_privilege';
    end if;
    if cardinality(carriers) <> cardinality(parts) or (select sum(part) from unnest(parts) part) <> amount then
        raise exception 'the parts do not sum to the amount %', amount using errcode = 'check_violation';
    end if;
    perform ringwall.lock_panel(posting_panel, posting_sequence, posting_currency);
    select * into last from ringwall.panel_posting p
    where p.panel = posting_panel and p.sequence = posting_sequence and p.currency = posting_currency
    order by p.number desc limit 1;
    if last.object_id is distinct from object and last.object_id is not null then
        raise exception 'the panel belongs to another object' using errcode = 'insufficient_privilege';
    end if;
    if coalesce(last.number, 0) + 1 <> posting_number or coalesce(last.running_total_minor, 0) + amount <> total then
        raise exception 'the sequence has moved on: last number %, total %', last.number, last.running_total_minor
            using errcode = 'serialization_failure';
    end if;
    insert into ringwall.panel_posting (owner_id, object_id, panel, sequence, number, place, amount_minor,
        running_total_minor, part_minor, currency, body)
    select carrier, object, posting_panel, posting_sequence, posting_number, place, amount, total, part, posting_currency,
        posting_body
    from unnest(carriers, parts) with ordinality as u (carrier, part, place);
    insert into ringwall.transfer (owner_id, id, object_id, debit, credit, amount_minor, currency, effective_on, known_at,
        state, reference)
    select m.owner_id, m.id, object, m.debit, m.credit, m.amount_minor, m.currency, m.effective_on, m.known_at, m.state,
        m.reference
    from jsonb_to_recordset(movements) as m (owner_id uuid, id text, debit text, credit text, amount_minor bigint,
        currency text, effective_on date, known_at timestamptz, state text, reference text);
end
$post$;
revoke all on function ringwall.post_to_panel(uuid, text, text, text, integer, bigint, bigint, uuid[], bigint[], jsonb, jsonb)
    from public;
grant execute on function
    ringwall.post_to_panel(uuid, text, text, text, integer, bigint, bigint, uuid[], bigint[], jsonb, jsonb) to ringwall_app;
