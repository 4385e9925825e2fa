-- Ends a session, if it is still the device's live one.
-- KEYS, ARGV[1..6] as in shard.lua
-- ARGV[7] device
-- ARGV[8] node, ARGV[9] session number
-- Result: array of 1 if it was else 0 (integer)
local device = ARGV[7]
local node, number = routeOf(redis.call('HGET', SESSIONS, device))
if node ~= ARGV[8] or number ~= ARGV[9] then
    return {0}
end
redis.call('HDEL', SESSIONS, device)
redis.call('ZADD', TAG .. 'lastseen', NOW, device)
disarm(device)
if redis.call('EXISTS', inboxKey(device)) == 0 then
    forgetLater(device)
end
return {1}
