# SPDX-License-Identifier: MIT
# PostgreSQL: a process for each connection, shared memory, signals; pgbench beside it.
needs="postgres initdb pgbench psql"
# Not as root.
user=()
((EUID)) || user=(setpriv --reuid=65534 --regid=65534 --clear-groups)
prepare() {
    chmod 711 "$HARNESS_WORK" && chmod 777 "$HARNESS_WORK/traces" "$PWD"
    "${user[@]}" initdb -D data -A trust -U tester --no-sync >/dev/null
}
run() {
    chmod 777 "$PWD"
    guarded "${user[@]}" postgres -D "$PWD/data" -k "$PWD" -h '' -c fsync=off 2>log &
    local server=$!
    export PGHOST=$PWD PGUSER=tester PGDATABASE=postgres
    wait_for psql -c 'select 1' || return
    PATH=$(dirname "$(command -v postgres)"):$PATH
    pgbench -i -s 1 -q 2>/dev/null
    guarded pgbench -n -c 4 -j 2 -t 50 2>&1 | grep -E '^number of'
    psql -At -c 'select count(*), sum(abalance) is not null from pgbench_accounts' \
        -c "select md5(string_agg(repeat(g::text, 50), '' order by g)) from generate_series(1, 20000) g"
    kill -INT "$(head -n 1 data/postmaster.pid)"
    wait "$server"
}
