-- The leases that have not run out; those that have are forgotten.
-- KEYS[1] sorted set: node id -> when its lease runs out (epoch ms); leases lie at {nodes}node:<id>,
--         of the same hash tag
-- Result: array of strings, the leases as JSON
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('%.0f', now))
local leases = {}
for _, id in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
    local lease = redis.call('GET', '{nodes}node:' .. id)
    if lease then
        leases[#leases + 1] = lease
    end
end
return leases
