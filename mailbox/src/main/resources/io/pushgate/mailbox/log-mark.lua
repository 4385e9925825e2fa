-- Notes that messages are about to go into logs of groups: nodes find there which groups have one.
-- KEYS, ARGV[1..6] as in shard.lua
-- ARGV[7] and on: per group its app and its name
-- Result: array of 1 per group
local result = {}
for at = 7, #ARGV, 2 do
    turnTo(#result + 1)
    local key = TAG .. 'grouplogs:' .. ARGV[at]
    redis.call('ZADD', key, NOW, ARGV[at + 1])
    redis.call('ZREMRANGEBYSCORE', key, '-inf', int(now - GROUP_LOG_KEPT))
    redis.call('PEXPIRE', key, int(GROUP_LOG_KEPT))
    redis.call('HSET', TAG .. 'logtails', ARGV[at] .. '/all groups', NOW)
    result[#result + 1] = 1
end
return result
