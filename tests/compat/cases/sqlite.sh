# SPDX-License-Identifier: MIT
# SQLite in memory: an insert of 100,000 rows and a join.
needs=sqlite3
quick=1
run() {
    local rows=100000
    [[ ${QUICK:-} ]] && rows=10000
    guarded sqlite3 :memory: "
        create table item(id integer primary key, name text, kind integer);
        create table kind(id integer primary key, title text);
        with recursive n(i) as (select 1 union all select i + 1 from n where i < $rows)
            insert into item select i, 'item number ' || i, i % 97 from n;
        insert into kind select distinct kind, 'kind ' || kind from item;
        create index by_kind on item(kind);
        select kind.title, count(*), sum(length(item.name)) from item join kind on item.kind = kind.id
            group by kind.id order by 2 desc, 1 limit 5;"
}
