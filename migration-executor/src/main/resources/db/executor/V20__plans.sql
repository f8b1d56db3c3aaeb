-- What people ask for before they run it. A run of a plan names it in its request.
create table migration_plan (
    plan_id uuid primary key,
    target text not null,
    digest text not null check (digest ~ '^[0-9a-f]{64}$'),
    created_at timestamptz not null default now(),
    created_by text not null,
    valid_until timestamptz not null,
    basis jsonb not null,
    plan jsonb not null,
    page text not null
);

create index migration_plan_created_at on migration_plan (created_at);

-- A plan that a run was made of stays as long as the run.
create index run_plan_id on run ((request ->> 'planId')) where request ->> 'planId' is not null;
