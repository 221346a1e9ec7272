# SPDX-License-Identifier: MIT
# redis: an allocator library behind ours, threads in the background, a child that saves.
needs="redis-server redis-benchmark redis-cli"
run() {
    guarded redis-server --port 0 --unixsocket "$PWD/socket" --save '' --dir "$PWD" >log &
    local server=$!
    wait_for redis-cli -s socket ping || return
    redis-benchmark -s socket -q -n 2000 -c 20 -t set,get,lpush,lrange,mset >/dev/null
    echo "benchmark $?"
    redis-cli -s socket eval 'for i = 1, 1000 do redis.call("set", "key" .. i, i) end return redis.call("dbsize") > 999' 0
    redis-cli -s socket bgsave >/dev/null
    wait_for test -s dump.rdb
    redis-cli -s socket shutdown nosave
    wait "$server"
}
