-- Forgets scheduled requests that are in Kafka again.
-- KEYS, ARGV[1..6] as in shard.lua
-- ARGV[7] and on: per request 2 of app/id, origin
-- Result: array of how many there were (integer)
local SCHEDULED, REQUESTS, SIZE = TAG .. 'scheduled', TAG .. 'requests', TAG .. 'requests:bytes'
local removed = 0
for at = 7, #ARGV, 2 do
    local message = ARGV[at]
    local value = redis.call('HGET', REQUESTS, message)
    if value and string.match(value, '^[^|]*') == ARGV[at + 1] then
        redis.call('HDEL', REQUESTS, message)
        redis.call('ZREM', SCHEDULED, message)
        redis.call('DECRBY', SIZE, #message + #value)
        removed = removed + 1
    end
end
if redis.call('ZCARD', SCHEDULED) == 0 then
    redis.call('DEL', SIZE)
end
return {removed}
