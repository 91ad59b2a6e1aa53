-- depends: 0013_kept_alerts
-- A look that is asked for wakes the house's own scanner; tokens to prove control with; who has vetted a provider's papers.

call ringwall.make_noun('control_challenge', array['broker', 'lead', 'provider']);

-- Tells the queue that somebody waits for a look at an object's assets; what is due there the worker finds out itself,
-- within the walls of the object's owner. One look at a time for one object.
create function ringwall.wake_look(object_id uuid) returns void
    language plpgsql security definer set search_path = jobs, ringwall, pg_temp as $wake$
begin
    perform jobs.procrastinate_defer_jobs_v1(array[
        row('look', 'look_again', 0, 'look:' || o.id, null,
            jsonb_build_object('owner', o.owner_id, 'object_id', o.id), null)::jobs.procrastinate_job_to_defer_v1
    ])
    from ringwall.object o
    where o.id = wake_look.object_id
      and (o.owner_id = ringwall.me() or ringwall.holds(o.id, array['insured', 'lead', 'provider']));
end
$wake$;
revoke all on function ringwall.wake_look(uuid) from public;
grant execute on function ringwall.wake_look(uuid) to ringwall_app;

alter table ringwall.qualification
    add column evidence_sha256 text not null default '',
    add column group_code text not null default '';

-- An insurer's decision on one certificate of a provider; a later one takes its place. Whoever engages the provider sees it.
create table ringwall.vetting (
    id              uuid primary key default uuidv7(),
    owner_id        uuid not null references ringwall.organisation,
    provider_id     uuid not null references ringwall.organisation,
    certificate     text not null,
    accepted        boolean not null,
    vetted_by       text not null,
    vetted_at       timestamptz not null,
    evidence_sha256 text not null,
    reason          text not null,
    listed          boolean not null default true check (listed),
    recorded_at     timestamptz not null default now(),
    foreign key (provider_id, certificate) references ringwall.qualification (owner_id, certificate)
);
create index vetting_by_provider on ringwall.vetting (provider_id, owner_id);
alter table ringwall.vetting enable row level security, force row level security;
create policy own_or_listed on ringwall.vetting for select to ringwall_app using (owner_id = ringwall.me() or listed);
create policy own_as_insurer on ringwall.vetting for insert to ringwall_app with check (
    owner_id = ringwall.me()
    and exists (select from ringwall.organisation o where o.id = ringwall.me() and o.kind = 'insurer')
);
grant select, insert on ringwall.vetting to ringwall_app;
create trigger audit after insert on ringwall.vetting for each row execute function ringwall.audit();
