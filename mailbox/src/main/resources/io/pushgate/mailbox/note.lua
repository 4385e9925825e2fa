-- Notes whom requests address, where their ids were not used before.
-- KEYS, ARGV[1..6] as in shard.lua
-- ARGV[7] and on: per request 3 of app/id, note, its lifetime (ms)
-- Result: per request, in order, the note that there was before, or empty
local results = {}
for at = 7, #ARGV, 3 do
    local n = #results + 1
    turnTo(n)
    results[n] = redis.call('SET', TAG .. 'to:' .. ARGV[at], ARGV[at + 1], 'NX', 'GET', 'PX', ARGV[at + 2]) or ''
end
return results
