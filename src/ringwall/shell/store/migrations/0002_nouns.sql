-- depends: 0001_access
-- The nouns of the house. Each is a history: a row is one version of one thing, never changed and never deleted;
-- a correction is a further version. Two dates: from when it holds, and when we learned it.

create table ringwall.noun_shape (
    id           uuid not null default uuidv7(),
    owner_id     uuid not null,
    object_id    uuid not null,
    number       text not null,
    version      integer not null default 1 check (version > 0),
    state        text not null default '',
    effective_at timestamptz not null,
    known_at     timestamptz not null,
    body         jsonb not null,
    recorded_at  timestamptz not null default now()
);
alter table ringwall.noun_shape enable row level security, force row level security;

-- One hash chain for each tenant: the sequence number is drawn inside the lock, so that no link can break.
create table ringwall.audit_entry (
    owner_id      uuid not null references ringwall.organisation,
    sequence      bigint not null,
    at            timestamptz not null default clock_timestamp(),
    noun          text not null,
    row_id        text not null,
    content_hash  bytea not null,
    previous_hash bytea not null,
    hash          bytea not null,
    primary key (owner_id, sequence)
);
alter table ringwall.audit_entry enable row level security, force row level security;
create policy narrow_functions on ringwall.audit_entry to ringwall_owner using (true) with check (true);
create policy own on ringwall.audit_entry for select to ringwall_app using (owner_id = ringwall.me());
grant select on ringwall.audit_entry to ringwall_app;

create function ringwall.audit_link(previous bytea, noun text, row_id text, content bytea) returns bytea
    language sql immutable
    return sha256(previous || convert_to(noun || E'\x1f' || row_id || E'\x1f', 'UTF8') || content);

create function ringwall.audit() returns trigger
    language plpgsql security definer set search_path = ringwall, pg_temp as $audit$
declare
    last ringwall.audit_entry;
    content bytea := sha256(convert_to(to_jsonb(new)::text, 'UTF8'));
begin
    perform pg_advisory_xact_lock(hashtextextended('ringwall.audit:' || new.owner_id::text, 0));
    select * into last from ringwall.audit_entry where owner_id = new.owner_id order by sequence desc limit 1;
    insert into ringwall.audit_entry (owner_id, sequence, noun, row_id, content_hash, previous_hash, hash)
    values (new.owner_id, coalesce(last.sequence, 0) + 1, tg_table_name, new.id::text, content,
            coalesce(last.hash, ''::bytea),
            ringwall.audit_link(coalesce(last.hash, ''::bytea), tg_table_name, new.id::text, content));
    return null;
end
$audit$;

-- Makes one noun's table: the shape, the key, the wall and the audit. `readers` are the granted roles that may read it.
create procedure ringwall.make_noun(noun text, readers text[])
    language plpgsql set search_path = ringwall, pg_temp as $make$
begin
    execute format('create table ringwall.%I (like ringwall.noun_shape including defaults including constraints)', noun);
    execute format('alter table ringwall.%I add primary key (id), add unique (object_id, number, version), '
        'add foreign key (owner_id) references ringwall.organisation, '
        'add foreign key (object_id) references ringwall.object', noun);
    execute format('create index on ringwall.%I (object_id, number, version)', noun);
    execute format('alter table ringwall.%I enable row level security, force row level security', noun);
    execute format('create policy own_or_granted on ringwall.%I for select to ringwall_app '
        'using (owner_id = ringwall.me() or ringwall.holds(object_id, %L::text[]))', noun, readers);
    execute format('create policy own_on_a_shared_object on ringwall.%I for insert to ringwall_app '
        'with check (owner_id = ringwall.me() and exists (select from ringwall.object o where o.id = object_id))', noun);
    execute format('grant select, insert on ringwall.%I to ringwall_app', noun);
    execute format('create trigger audit after insert on ringwall.%I for each row execute function ringwall.audit()', noun);
end
$make$;

call ringwall.make_noun('insured_profile', array['broker', 'lead', 'follower']);
call ringwall.make_noun('submission',      array['broker', 'lead']);
call ringwall.make_noun('asset',           array['broker', 'lead', 'provider']);
call ringwall.make_noun('control_proof',   array['broker', 'lead', 'provider']);
call ringwall.make_noun('consent',         array['broker', 'lead', 'provider']);
call ringwall.make_noun('scan',            array['broker', 'lead', 'provider']);
call ringwall.make_noun('finding',         array['broker', 'lead', 'provider']);
call ringwall.make_noun('traffic_batch',   array['lead', 'provider']);
call ringwall.make_noun('knowledge',       array['insured', 'follower']);
call ringwall.make_noun('quote',           array['insured', 'broker', 'follower']);
call ringwall.make_noun('explanation',     array['broker', 'lead', 'follower']);
call ringwall.make_noun('receipt',         array['insured', 'broker', 'follower']);
call ringwall.make_noun('policy',          array['insured', 'broker', 'follower', 'lead', 'provider', 'regulator']);
call ringwall.make_noun('notice',          array['insured', 'broker', 'follower', 'provider']);
call ringwall.make_noun('service_order',   array['insured', 'lead', 'follower', 'provider']);
call ringwall.make_noun('incident',        array['broker', 'lead', 'follower', 'provider']);
call ringwall.make_noun('claim',           array['insured', 'broker', 'follower']);
call ringwall.make_noun('book_policy',     array['follower', 'regulator']);
call ringwall.make_noun('book_run',        array['follower', 'regulator']);
call ringwall.make_noun('market_report',   array['regulator', 'lead', 'follower']);
