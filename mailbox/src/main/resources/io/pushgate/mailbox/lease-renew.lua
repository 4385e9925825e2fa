-- Says that an access node lives.
-- KEYS[1] sorted set: node id -> when its lease runs out (epoch ms)
-- KEYS[2] string: the node's lease
-- ARGV[1] node id
-- ARGV[2] lease as JSON
-- ARGV[3] how long it holds (ms)
-- Result: integer, 1 if its lease had not run out, else 0
local time = redis.call('TIME')
local ends = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000) + tonumber(ARGV[3])
local held = redis.call('EXISTS', KEYS[2])
redis.call('SET', KEYS[2], ARGV[2], 'PX', ARGV[3])
redis.call('ZADD', KEYS[1], string.format('%.0f', ends), ARGV[1])
return held
