-- Notes a device among a user's; of too many the least recently seen ones go.
-- KEYS[1] hash: device -> platform|last seen (epoch ms)
-- ARGV[1] milliseconds to add to the clock of Redis; 0 but in tests
-- ARGV[2] device
-- ARGV[3] platform
-- ARGV[4] devices, at most
-- ARGV[5] how long the key is kept after its last use (ms)
-- Result: integer, devices dropped
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000) + tonumber(ARGV[1])
redis.call('HSET', KEYS[1], ARGV[2], ARGV[3] .. '|' .. string.format('%.0f', now))
redis.call('PEXPIRE', KEYS[1], ARGV[5])
local excess = redis.call('HLEN', KEYS[1]) - tonumber(ARGV[4])
if excess <= 0 then
    return 0
end
local all, others = redis.call('HGETALL', KEYS[1]), {}
for i = 1, #all, 2 do
    if all[i] ~= ARGV[2] then
        others[#others + 1] = {all[i], tonumber(string.match(all[i + 1], '|(%d+)$')) or 0}
    end
end
table.sort(others, function(a, b)
    return a[2] < b[2]
end)
for i = 1, excess do
    redis.call('HDEL', KEYS[1], others[i][1])
end
return excess
