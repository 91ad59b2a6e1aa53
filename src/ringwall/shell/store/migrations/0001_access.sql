-- Who may see a row: its owner, and whoever holds a dated grant on the object that the row belongs to.
-- Every table has row-level security from here on, enforced for its owner too; the app's role is neither owner nor superuser.

create schema ringwall;
grant usage on schema ringwall to ringwall_app;

-- The organisation that this transaction acts for. A missing setting raises: access fails closed.
create function ringwall.me() returns uuid
    language sql stable parallel safe
    return current_setting('ringwall.organisation')::uuid;

create table ringwall.organisation (
    id          uuid primary key,
    code        text not null unique,
    kind        text not null check (kind in ('insurer', 'insured', 'broker', 'provider', 'regulator')),
    name_zh     text not null,
    name_en     text not null,
    listed      boolean not null default false,
    created_at  timestamptz not null default now()
);

create table ringwall.person (
    id            uuid primary key default uuidv7(),
    owner_id      uuid not null references ringwall.organisation,
    sign_in_name  text not null unique,
    display_name  text not null,
    role          text not null,
    language      text not null default 'zh' check (language in ('zh', 'en')),
    password_hash text not null,
    created_at    timestamptz not null default now()
);

create table ringwall.session (
    token_sha256 bytea primary key,
    owner_id     uuid not null references ringwall.organisation,
    person_id    uuid not null references ringwall.person,
    started_at   timestamptz not null default now(),
    expires_at   timestamptz not null
);

-- The thing that is shared or not shared as a whole: one insured's dealings from the application to the last claim.
create table ringwall.object (
    id         uuid primary key,
    owner_id   uuid not null references ringwall.organisation,
    number     text not null unique,
    created_at timestamptz not null default now()
);

create table ringwall.object_grant (
    object_id       uuid not null references ringwall.object,
    organisation_id uuid not null references ringwall.organisation,
    role            text not null check (role in ('insured', 'broker', 'lead', 'follower', 'provider', 'regulator')),
    granted_by      uuid not null references ringwall.organisation,
    valid_from      timestamptz not null default now(),
    valid_until     timestamptz not null default 'infinity',
    primary key (object_id, organisation_id, role, valid_from),
    check (valid_from < valid_until)
);
create index object_grant_by_organisation on ringwall.object_grant (organisation_id, object_id);

-- The roles that this transaction's organisation holds on an object now; the owner of the object is its insured.
create function ringwall.holds(object uuid, roles text[]) returns boolean
    language sql stable security definer set search_path = ringwall, pg_temp
    return exists (
        select from ringwall.object_grant g
        where g.object_id = holds.object
          and g.organisation_id = ringwall.me()
          and g.role = any (holds.roles)
          and now() >= g.valid_from and now() < g.valid_until
    ) or 'insured' = any (holds.roles) and exists (
        select from ringwall.object o where o.id = holds.object and o.owner_id = ringwall.me()
    );

alter table ringwall.organisation enable row level security, force row level security;
alter table ringwall.person enable row level security, force row level security;
alter table ringwall.session enable row level security, force row level security;
alter table ringwall.object enable row level security, force row level security;
alter table ringwall.object_grant enable row level security, force row level security;

-- The schema's owner acts only inside the narrow functions below and in migrations.
create policy narrow_functions on ringwall.organisation to ringwall_owner using (true) with check (true);
create policy narrow_functions on ringwall.person to ringwall_owner using (true) with check (true);
create policy narrow_functions on ringwall.session to ringwall_owner using (true) with check (true);
create policy narrow_functions on ringwall.object to ringwall_owner using (true) with check (true);
create policy narrow_functions on ringwall.object_grant to ringwall_owner using (true) with check (true);

create policy listed_or_own_or_shared on ringwall.organisation for select to ringwall_app using (
    listed or id = ringwall.me() or exists (
        select from ringwall.object o where o.owner_id = organisation.id
    )
);
create policy own on ringwall.organisation for insert to ringwall_app with check (id = ringwall.me());
create policy own on ringwall.person to ringwall_app using (owner_id = ringwall.me()) with check (owner_id = ringwall.me());
create policy own on ringwall.session to ringwall_app using (owner_id = ringwall.me()) with check (owner_id = ringwall.me());
create policy own_or_granted on ringwall.object for select to ringwall_app using (
    owner_id = ringwall.me()
    or ringwall.holds(id, array['insured', 'broker', 'lead', 'follower', 'provider', 'regulator'])
);
create policy own on ringwall.object for insert to ringwall_app with check (owner_id = ringwall.me());
-- The owner of an object shares it; the lead shares what it leads with followers and providers.
create policy mine_or_on_my_object on ringwall.object_grant for select to ringwall_app using (
    organisation_id = ringwall.me() or granted_by = ringwall.me()
);
create policy owner_or_lead_shares on ringwall.object_grant for insert to ringwall_app with check (
    granted_by = ringwall.me() and (
        exists (select from ringwall.object o where o.id = object_id and o.owner_id = ringwall.me())
        or (role in ('follower', 'provider', 'regulator') and ringwall.holds(object_id, array['lead']))
    )
);
create policy granter_ends on ringwall.object_grant for update to ringwall_app
    using (granted_by = ringwall.me()) with check (granted_by = ringwall.me());

grant select, insert on ringwall.organisation, ringwall.object to ringwall_app;
grant select, insert, update (password_hash, language, display_name) on ringwall.person to ringwall_app;
grant select, insert, delete on ringwall.session to ringwall_app;
grant select, insert, update (valid_until) on ringwall.object_grant to ringwall_app;

-- Signing in happens before anybody knows for whom: two narrow look-ups, each by one secret or one name.
create function ringwall.person_by_name(wanted text)
    returns table (person_id uuid, organisation_id uuid, password_hash text)
    language sql stable security definer set search_path = ringwall, pg_temp
    begin atomic
        select p.id, p.owner_id, p.password_hash from ringwall.person p where p.sign_in_name = person_by_name.wanted;
    end;

create function ringwall.session_by_token(token_hash bytea)
    returns table (person_id uuid, organisation_id uuid, organisation_kind text, role text, language text, display_name text)
    language sql stable security definer set search_path = ringwall, pg_temp
    begin atomic
        select p.id, s.owner_id, o.kind, p.role, p.language, p.display_name
        from ringwall.session s
        join ringwall.person p on p.id = s.person_id
        join ringwall.organisation o on o.id = s.owner_id
        where s.token_sha256 = session_by_token.token_hash and now() < s.expires_at;
    end;

revoke all on function ringwall.person_by_name(text), ringwall.session_by_token(bytea), ringwall.holds(uuid, text[]) from public;
grant execute on function ringwall.person_by_name(text), ringwall.session_by_token(bytea), ringwall.holds(uuid, text[]) to ringwall_app;
