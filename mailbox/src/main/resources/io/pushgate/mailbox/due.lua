-- How long until the first armed device is overdue.
-- KEYS, ARGV[1..6] as in shard.lua
-- Result: array of milliseconds (integer, 0 if one is overdue), empty if none is armed
local first = redis.call('ZRANGE', DUE, 0, 0, 'WITHSCORES')
if #first == 0 then
    return {}
end
return {math.max(tonumber(first[2]) - now, 0)}
