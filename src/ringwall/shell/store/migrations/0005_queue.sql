-- depends: 0004_writes
-- The queue only wakes things. Its tables live in a schema of their own that the app's role cannot enter: they hold task
-- names and row ids, no tenant's data. A business transaction reaches it through one narrow function.

create schema jobs;

create function ringwall.wake_post(letter uuid) returns void
    language plpgsql security definer set search_path = jobs, ringwall, pg_temp as $wake$
begin
    if not exists (select from ringwall.outbox where id = letter and owner_id = ringwall.me() and sent_at is null) then
        return;
    end if;
    perform jobs.procrastinate_defer_jobs_v1(array[
        row('post', 'deliver_letter', 0, null, null, jsonb_build_object('letter', letter), null)
            ::jobs.procrastinate_job_to_defer_v1
    ]);
end
$wake$;
revoke all on function ringwall.wake_post(uuid) from public;
grant execute on function ringwall.wake_post(uuid) to ringwall_app;
