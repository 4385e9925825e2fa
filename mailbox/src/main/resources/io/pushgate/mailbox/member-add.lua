-- Puts a device into a part of a set of devices, if there is room.
-- KEYS[1] sorted set: device, all with score 0
-- ARGV[1] device
-- ARGV[2] devices in this part, at most
-- Result: integer, 1 if it is in, 0 if there was no room
if redis.call('ZSCORE', KEYS[1], ARGV[1]) then
    return 1
end
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[2]) then
    return 0
end
redis.call('ZADD', KEYS[1], 0, ARGV[1])
return 1
