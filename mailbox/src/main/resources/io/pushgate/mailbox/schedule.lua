-- Keeps requests until their time has come.
-- KEYS, ARGV[1..6] as in shard.lua
-- ARGV[7] bytes of requests that a shard keeps, at most
-- ARGV[8] and on: per request 4 of app/id, due at (epoch ms), origin, the request
-- Result: per request, in order, a string:
--   'S' scheduled, 'A' it was, from the same origin, 'D' another one with this id is scheduled,
--   'F' no room
local SCHEDULED, REQUESTS, SIZE = TAG .. 'scheduled', TAG .. 'requests', TAG .. 'requests:bytes'

local function schedule(message, due, origin, request)
    local before = redis.call('HGET', REQUESTS, message)
    if before then
        return string.match(before, '^[^|]*') == origin and 'A' or 'D'
    end
    local value = origin .. '|' .. request
    local size = #message + #value
    if tonumber(redis.call('GET', SIZE) or '0') + size > tonumber(ARGV[7]) then
        return 'F'
    end
    -- One that was recalled before it came is due at once, so that its devices have their receipts.
    local recalled = string.sub(redis.call('GET', TAG .. 'to:' .. message) or '', 1, 1) == 'R'
    redis.call('INCRBY', SIZE, size)
    redis.call('HSET', REQUESTS, message, value)
    redis.call('ZADD', SCHEDULED, recalled and NOW or due, message)
    return 'S'
end

local results = {}
for at = 8, #ARGV, 4 do
    results[#results + 1] = schedule(ARGV[at], ARGV[at + 1], ARGV[at + 2], ARGV[at + 3])
end
return results
