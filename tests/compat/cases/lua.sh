# SPDX-License-Identifier: MIT
# Lua: each object is a block, freed by a collector.
needs=lua5.4
run() {
    guarded lua5.4 -e 'local t = {} for i = 1, 100000 do t[#t + 1] = ("item %d"):format(i * 7919 % 100003) end
        table.sort(t) collectgarbage() local c = coroutine.wrap(function() for i = 1, 1000 do coroutine.yield(t[i]) end end)
        local n = 0 for _ = 1, 1000 do n = n + #c() end print(#t, n, t[1], t[#t]) print(pcall(error, "thrown"))'
}
