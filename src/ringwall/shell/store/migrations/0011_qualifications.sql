-- depends: 0010_posture
-- The register of qualifications that providers keep themselves.

-- Public among those who are signed in: whoever engages a provider may see what it is qualified for.
create table ringwall.qualification (
    owner_id    uuid not null references ringwall.organisation,
    scheme      text not null,
    direction   text not null,
    grade       integer not null check (grade > 0),
    certificate text not null,
    valid_from  date not null,
    expires_on  date not null,
    listed      boolean not null default true check (listed),
    recorded_at timestamptz not null default now(),
    primary key (owner_id, certificate),
    check (valid_from < expires_on)
);
alter table ringwall.qualification enable row level security, force row level security;
create policy own_or_listed on ringwall.qualification for select to ringwall_app using (owner_id = ringwall.me() or listed);
create policy own on ringwall.qualification for insert to ringwall_app with check (owner_id = ringwall.me());
grant select, insert on ringwall.qualification to ringwall_app;

