-- How long until there is something to do in shards.
-- KEYS, ARGV[1..6] as in shard.lua
-- ARGV[7] how many shards
-- Result: per shard, in order, an array of milliseconds until the first armed device is overdue, and
--   until the first scheduled request is due (integers; 0 if it is, -1 if there is none)
local function wait(key)
    local first = redis.call('ZRANGE', key, 0, 0, 'WITHSCORES')
    return #first == 0 and -1 or math.max(tonumber(first[2]) - now, 0)
end

local results = {}
for shard = 1, tonumber(ARGV[7]) do
    turnTo(shard)
    results[shard] = {wait(TAG .. 'due'), wait(TAG .. 'scheduled')}
end
return results
