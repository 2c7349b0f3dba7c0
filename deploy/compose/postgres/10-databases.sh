#!/bin/sh
# Each service's own database with its two roles: the owner, who migrates, and the run-time role, who may not.
# The image runs it once, while it fills an empty volume. The passwords come from deploy/compose/secrets/postgres.env.
set -eu

for service in identity catalog ordering wallet messaging scheduler; do
    name=$(printf '%s' "$service" | tr '[:lower:]' '[:upper:]')
    OWNER_PASSWORD=$(printenv "${name}_OWNER_PASSWORD")
    RUNTIME_PASSWORD=$(printenv "${name}_PASSWORD")
    export OWNER_PASSWORD RUNTIME_PASSWORD
    psql --quiet --no-psqlrc --set=ON_ERROR_STOP=1 --username=postgres --dbname=postgres \
        --set=service="$service" --set=owner="${service}_owner" <<'SQL'
\getenv owner_password OWNER_PASSWORD
\getenv runtime_password RUNTIME_PASSWORD
CREATE ROLE :"owner" LOGIN PASSWORD :'owner_password';
CREATE ROLE :"service" LOGIN PASSWORD :'runtime_password';
-- From template0, because only that lets a database have a locale of its own: under plain C no Hangul is found.
CREATE DATABASE :"service" OWNER :"owner" TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8';
REVOKE ALL ON DATABASE :"service" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"service" TO :"service";
\connect :"service"
CREATE EXTENSION pg_trgm;
GRANT USAGE ON SCHEMA public TO :"service";
ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO :"service";
ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO :"service";
-- Ends in an error where letters of a Hangul word are not seen as letters: searches would find nothing.
SELECT 1 / cardinality(show_trgm('상품권')) AS hangul_is_found \gset
SQL
done
