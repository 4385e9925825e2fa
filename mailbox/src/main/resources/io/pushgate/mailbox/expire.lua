-- Takes expired messages out of inboxes, wherever they stand in them, and forgets devices not seen
-- for long that have no session.
-- KEYS, ARGV[1..6] as in shard.lua
-- ARGV[7] receipts after which no further device is looked at
-- ARGV[8] how long a device without a session is remembered (ms)
-- Result: array of messages taken out (integer), an array of devices to forget that belong to groups,
--   each with the record that the sets have to follow, then per receipt its id in the outbox and its
--   text
local MAX_SCANNED = 4096 -- entries looked at, about 10 ms
local limit = tonumber(ARGV[7])
local result, scanned = {0, {}}, 0

local function sweep(device)
    local entries = redis.call('XRANGE', inboxKey(device), '-', '+')
    local expired, earliest = {}, nil
    for _, entry in ipairs(entries) do
        local expires = expiryOf(entry)
        if expires <= now then
            expired[#expired + 1] = entry
            finish(result, device, entry, 'expired', '')
        elseif not earliest or expires < earliest then
            earliest = expires
        end
    end
    result[1] = result[1] + #expired
    scanned = scanned + #entries
    if remove(device, expired, redis.call('HGET', SESSIONS, device)) == 0 then
        disarm(device)
        redis.call('ZREM', TAG .. 'expiry', device)
    else
        redis.call('ZADD', TAG .. 'expiry', int(earliest), device)
    end
end

for _, device in ipairs(redis.call('ZRANGEBYSCORE', TAG .. 'expiry', '-inf', NOW, 'LIMIT', 0, limit)) do
    sweep(device)
    if #result > 2 * limit or scanned >= MAX_SCANNED then
        break
    end
end

local forgotten = int(now - tonumber(ARGV[8]))
for _, device in ipairs(redis.call('ZRANGEBYSCORE', TAG .. 'lastseen', '-inf', forgotten, 'LIMIT', 0, limit)) do
    if redis.call('HEXISTS', SESSIONS, device) == 1 then
        redis.call('ZADD', TAG .. 'lastseen', NOW, device)
    elseif redis.call('HEXISTS', GROUPS, device) == 1 then
        -- It is found here again until the sets have let go of it.
        local leaving = result[2]
        leaving[#leaving + 1] = device
        leaving[#leaving + 1] = belong(device, memberships(device), '', '', true, 0)
    else
        redis.call('HDEL', TAG .. 'devices', device)
        redis.call('HDEL', TAG .. 'cursors', device)
        redis.call('ZREM', TAG .. 'lastseen', device)
    end
end

return result
