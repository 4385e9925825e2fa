-- Undoes a claim that nobody was told of: the device is due at once, and the attempt does not
-- count. Nothing changes where the session is another by now, or was acked or claimed since.
-- KEYS, ARGV[1..6] as in shard.lua
-- ARGV[7] device
-- ARGV[8] node, ARGV[9] session number
-- ARGV[10] attempt that the claim was for (integer, from 1)
-- Result: array of 1 if it was undone else 0 (integer)
local device = ARGV[7]
local node, number = routeOf(redis.call('HGET', SESSIONS, device))
if node ~= ARGV[8] or number ~= ARGV[9] or redis.call('HGET', TAG .. 'attempts', device) ~= ARGV[10] then
    return {0}
end
local before = tonumber(ARGV[10]) - 1
if before == 0 then
    redis.call('HDEL', TAG .. 'attempts', device)
else
    redis.call('HSET', TAG .. 'attempts', device, before)
end
redis.call('ZADD', TAG .. 'due', NOW, device)
return {1}
