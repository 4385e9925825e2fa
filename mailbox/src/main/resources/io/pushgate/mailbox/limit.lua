-- Takes from an app's rate and from its quota of the day, both or neither.
-- KEYS[1] {limit:<app>}bucket  hash: level (taken and not yet run out) and at (epoch ms)
-- KEYS[2] {limit:<app>}day     hash: day (since 1970, UTC) and used
-- ARGV[1] milliseconds to add to the clock of Redis; 0 but in tests
-- ARGV[2] how many
-- ARGV[3] how many run out in a second; 0 for no limit
-- ARGV[4] how many may be taken at once
-- ARGV[5] how many a day; 0 for no limit
-- Result: 'T' taken, 'R' over the rate, 'Q' over the quota; how long to wait (ms, integer); what is
--   left of the quota, -1 without one
local DAY = 86400000
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000) + tonumber(ARGV[1])
local count, rate, burst = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local quota = tonumber(ARGV[5])

local today = math.floor(now / DAY)
local used = 0
if quota > 0 then
    local day = redis.call('HMGET', KEYS[2], 'day', 'used')
    used = tonumber(day[1]) == today and tonumber(day[2]) or 0
    if used + count > quota then
        return {'Q', (today + 1) * DAY - now, math.max(0, quota - used)}
    end
end
if rate > 0 then
    local bucket = redis.call('HMGET', KEYS[1], 'level', 'at')
    local since = math.max(0, now - (tonumber(bucket[2]) or now))
    local level = math.max(0, (tonumber(bucket[1]) or 0) - since * rate / 1000)
    -- More than may be taken at once is let in when nothing else is: it pays afterwards.
    if level > 0 and level + count > burst then
        local wait = math.min(level, level + count - burst) * 1000 / rate
        return {'R', math.ceil(wait), quota > 0 and quota - used or -1}
    end
    redis.call('HSET', KEYS[1], 'level', tostring(level + count), 'at', string.format('%.0f', now))
    redis.call('PEXPIRE', KEYS[1], string.format('%.0f', math.ceil((level + count) * 1000 / rate) + 1000))
end
if quota > 0 then
    redis.call('HSET', KEYS[2], 'day', string.format('%.0f', today), 'used', string.format('%.0f', used + count))
    redis.call('PEXPIRE', KEYS[2], 2 * DAY)
    return {'T', 0, quota - used - count}
end
return {'T', 0, -1}
