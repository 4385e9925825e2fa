-- Keeps a process's report, and forgets those of processes that report no more.
-- KEYS[1] {stats}index    sorted set: process id -> when its report runs out (epoch ms)
-- KEYS[2] {stats}reports  hash: process id -> report as JSON
-- ARGV[1] process id
-- ARGV[2] the report
-- ARGV[3] how long it holds (ms)
-- Result: how many reports there are
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', string.format('%.0f', now))) do
    redis.call('ZREM', KEYS[1], id)
    redis.call('HDEL', KEYS[2], id)
end
redis.call('ZADD', KEYS[1], string.format('%.0f', now + tonumber(ARGV[3])), ARGV[1])
redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
redis.call('PEXPIRE', KEYS[2], ARGV[3])
return redis.call('HLEN', KEYS[2])
