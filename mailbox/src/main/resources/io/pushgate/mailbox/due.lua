-- How long until there is something to do in the shard.
-- KEYS, ARGV[1..6] as in shard.lua
-- Result: array of milliseconds until the first armed device is overdue, and until the first
--   scheduled request is due (integers; 0 if it is, -1 if there is none)
local function wait(key)
    local first = redis.call('ZRANGE', key, 0, 0, 'WITHSCORES')
    return #first == 0 and -1 or math.max(tonumber(first[2]) - now, 0)
end
return {wait(DUE), wait(TAG .. 'scheduled')}
