-- Tells which groups of an app have a log that something went into since a time.
-- KEYS, ARGV[1..6] as in shard.lua
-- ARGV[7] app
-- ARGV[8] the time (epoch ms), 0 for all that have a log
-- Result: array of the time now (epoch ms, string), then the groups
local result = {NOW}
for _, group in ipairs(redis.call('ZRANGEBYSCORE', TAG .. 'grouplogs:' .. ARGV[7], ARGV[8], '+inf')) do
    result[#result + 1] = group
end
return result
