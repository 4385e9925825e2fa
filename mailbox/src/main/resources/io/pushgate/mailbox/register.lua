-- Makes a session the device's only one, with a number larger than that of any before.
-- KEYS, ARGV[1..6] as in shard.lua
-- ARGV[7] device
-- ARGV[8] node, ARGV[9] platform, ARGV[10] version of the client
-- ARGV[11] user or empty
-- ARGV[12] id of the last message the client has processed, or empty
-- ARGV[13] groups that its token gives it, sorted and separated by commas
-- ARGV[14] ms by which clocks of servers may differ, at least 1
-- Result: array of session number (string), position last given or 0-0, replaced session or empty,
--   user it belonged to before or empty, messages that wait (integer), messages trimmed (integer),
--   the record of its groups that the sets have to follow or empty, the groups that the API gave it
--   separated by commas, then per receipt its id in the outbox and its text
local device, node, platform, user = ARGV[7], ARGV[8], ARGV[9], ARGV[11]

local replaced = redis.call('HGET', SESSIONS, device)
local known = redis.call('HGET', TAG .. 'devices', device)
local number, userBefore = nowMicros, ''
if known then
    local last, owner = string.match(known, '^(%d+)|[^|]*|(.*)$')
    number = math.max(number, (tonumber(last) or 0) + 1)
    userBefore = owner or ''
end

redis.call('HSET', SESSIONS, device,
    node .. '|' .. int(number) .. '|' .. NOW .. '|' .. platform .. '|' .. ARGV[10])
redis.call('HSET', TAG .. 'devices', device, int(number) .. '|' .. platform .. '|' .. user)
redis.call('ZADD', TAG .. 'lastseen', NOW, device)
redis.call('PERSIST', boxKey(device))

-- Sets that were in line a day ago are looked at again: a failover may have taken a membership.
local groups = memberships(device)
local record = ''
if groups.token ~= ARGV[13] or groups.checked <= now - DAY then
    record = belong(device, groups, ARGV[13], groups.api, false, tonumber(ARGV[14]))
end

local result = {int(number), '', replaced or '', userBefore, 0, 0, record, groups.api}
local trimmed, waiting = 0, nil
local processed = ARGV[12] ~= '' and seen(device, ARGV[12])
if processed then
    trimmed, waiting = deliver(result, device, processed, true)
else
    waiting = redis.call('XLEN', inboxKey(device))
end
if waiting > 0 then
    arm(device)
else
    disarm(device)
end

result[2] = redis.call('HGET', boxKey(device), 'last') or '0-0'
result[5] = waiting
result[6] = trimmed
return result
