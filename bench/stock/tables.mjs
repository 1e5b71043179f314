/** As a team would lay them out: the incident as it is, what was observed, and who changed what. */
export const tables = `
create table incidents(
  id uuid primary key, title text not null, status text not null default 'ACTIVE',
  severity text not null default 'UNDETERMINED', revision integer not null default 0,
  declared timestamptz not null default now(), changed timestamptz not null default now());
create index incidents_by_changed on incidents(changed, id);
create table observations(
  id uuid primary key, incident uuid not null references incidents, text text not null,
  actor text not null, at timestamptz not null default now());
create index observations_of_incident on observations(incident, at);
create table audit(
  id uuid primary key, incident uuid not null references incidents, revision integer not null,
  type text not null, command text, actor text not null, data jsonb not null,
  at timestamptz not null default now(),
  unique(incident, revision), unique(incident, command))`
