-- depends: 0015_refit
-- What a provider and an insurer have between them beside qualifications: what it charges, where it is paid, and whether it
-- is suspended; and services as one more sequence of a panel.

alter table ringwall.panel_posting drop constraint panel_posting_sequence_check;
alter table ringwall.panel_posting add constraint panel_posting_sequence_check
    check (sequence in ('premium', 'vat', 'claim', 'reserve', 'service'));

call ringwall.make_noun('provider_account', array['lead']);

-- An insurer's decision to engage and pay a provider no more, or again; a later one takes its place. Whoever would
-- engage the provider sees it.
create table ringwall.suspension (
    id          uuid primary key default uuidv7(),
    owner_id    uuid not null references ringwall.organisation,
    provider_id uuid not null references ringwall.organisation,
    suspended   boolean not null,
    decided_by  text not null,
    decided_at  timestamptz not null,
    reason      text not null check (reason <> ''),
    listed      boolean not null default true check (listed),
    recorded_at timestamptz not null default now()
);
create index suspension_by_provider on ringwall.suspension (provider_id, owner_id);
alter table ringwall.suspension enable row level security, force row level security;
create policy own_or_listed on ringwall.suspension for select to ringwall_app using (owner_id = ringwall.me() or listed);
create policy own_as_insurer on ringwall.suspension for insert to ringwall_app with check (
    owner_id = ringwall.me()
    and exists (select from ringwall.organisation o where o.id = ringwall.me() and o.kind = 'insurer')
);
grant select, insert on ringwall.suspension to ringwall_app;
create trigger audit after insert on ringwall.suspension for each row execute function ringwall.audit();

-- A card that a provider proposes; it is never changed. Prices are public among those who are signed in, as the house's own
-- cards are.
create table ringwall.rate_card (
    id          uuid primary key default uuidv7(),
    owner_id    uuid not null references ringwall.organisation,
    number      text not null,
    body        jsonb not null,
    listed      boolean not null default true check (listed),
    recorded_at timestamptz not null default now(),
    unique (owner_id, number)
);
alter table ringwall.rate_card enable row level security, force row level security;
create policy own_or_listed on ringwall.rate_card for select to ringwall_app using (owner_id = ringwall.me() or listed);
create policy own_as_provider on ringwall.rate_card for insert to ringwall_app with check (
    owner_id = ringwall.me()
    and exists (select from ringwall.organisation o where o.id = ringwall.me() and o.kind = 'provider')
);
grant select, insert on ringwall.rate_card to ringwall_app;
create trigger audit after insert on ringwall.rate_card for each row execute function ringwall.audit();

-- An insurer's answer to a proposed card. Whoever would engage the provider sees it.
create table ringwall.rate_card_answer (
    id          uuid primary key default uuidv7(),
    owner_id    uuid not null references ringwall.organisation,
    provider_id uuid not null references ringwall.organisation,
    number      text not null,
    accepted    boolean not null,
    answered_by text not null,
    answered_at timestamptz not null,
    reason      text not null,
    listed      boolean not null default true check (listed),
    recorded_at timestamptz not null default now(),
    foreign key (provider_id, number) references ringwall.rate_card (owner_id, number)
);
create index rate_card_answer_by_provider on ringwall.rate_card_answer (provider_id, owner_id);
alter table ringwall.rate_card_answer enable row level security, force row level security;
create policy own_or_listed on ringwall.rate_card_answer for select to ringwall_app
    using (owner_id = ringwall.me() or listed);
create policy own_as_insurer on ringwall.rate_card_answer for insert to ringwall_app with check (
    owner_id = ringwall.me()
    and exists (select from ringwall.organisation o where o.id = ringwall.me() and o.kind = 'insurer')
);
grant select, insert on ringwall.rate_card_answer to ringwall_app;
create trigger audit after insert on ringwall.rate_card_answer for each row execute function ringwall.audit();
