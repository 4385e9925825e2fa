-- Puts messages into inboxes, one after the other; the same id for the same device again, within a
-- day, only tells where it went the first time.
-- KEYS, ARGV[1..6] as in shard.lua
-- ARGV[7] messages per inbox, at most; the oldest give way
-- ARGV[8] and on: per message 9 of
--   device, id, origin, platforms (separated by commas, empty for all), collapse key or empty,
--   accepted at (epoch ms), expires at (epoch ms), flags (r: receipt, t: trace, z: zstd, f: the first
--   ack decides, k: recalled before it came here), payload
-- Result: per message an array, in order, that begins with
--   'A' accepted: position, position given before it or 0-0, session or empty, then per receipt
--       its id in the outbox and its text
--   'D' seen before: position, session or empty, 1 if it still waits else 0, 1 if from the same
--       origin else 0
--   'P' meant for other platforms
--   'R' recalled before: 1 if it comes from the same origin as the first offer else 0, then, the
--       first time, the id of its receipt in the outbox and its text
local function isFor(device, platforms)
    if platforms == '' then
        return true
    end
    local known = redis.call('HGET', TAG .. 'devices', device)
    local platform = known and string.match(known, '^%d+|([^|]*)|')
    return not platform
        or string.find(',' .. platforms .. ',', ',' .. platform .. ',', 1, true) ~= nil
end

local function supersede(out, device, position, session)
    local older = redis.call('XRANGE', inboxKey(device), position, position)
    if #older == 1 then
        finish(out, device, older[1], 'superseded', '')
        -- The collapse key is the newer message's already, and the inbox holds that.
        remove(device, older, session)
    end
end

local function overflow(out, device, excess, session)
    local oldest = redis.call('XRANGE', inboxKey(device), '-', '+', 'COUNT', excess)
    for _, entry in ipairs(oldest) do
        finish(out, device, entry, 'overflowed', '')
    end
    remove(device, oldest, session)
end

-- Appends a message, unless its id was seen today: then it returns nil.
local function append(at, cap)
    local device, id, origin, collapse = ARGV[at], ARGV[at + 1], ARGV[at + 2], ARGV[at + 4]
    local expires = ARGV[at + 6]
    local inbox, box = inboxKey(device), boxKey(device)
    local last = redis.call('HGET', box, 'last')
    local position, today = nextPosition(last)
    if redis.call('HSETNX', seenKey(device, 0), id, position .. ' ' .. origin) == 0 then
        return nil
    end
    -- The first message of a day sees to both. A box may have a lifetime in spite of its session where
    -- an older release registered that; one that began today, of 8 days, outlives what waits for 7.
    if not today then
        keepToday(device)
        redis.call('PERSIST', box)
    end
    local session = redis.call('HGET', SESSIONS, device)
    local older = collapse ~= '' and redis.call('HGET', box, 'c:' .. collapse)

    if collapse == '' then
        redis.call('XADD', inbox, position,
            'i', id, 'a', ARGV[at + 5], 'x', expires, 'f', ARGV[at + 7])
        redis.call('HSET', box, 'last', position, position, ARGV[at + 8])
    else
        redis.call('XADD', inbox, position,
            'i', id, 'a', ARGV[at + 5], 'x', expires, 'f', ARGV[at + 7], 'c', collapse)
        redis.call('HSET', box, 'last', position, position, ARGV[at + 8], 'c:' .. collapse, position)
    end
    redis.call('ZADD', TAG .. 'expiry', 'LT', expires, device)
    -- Who has a session and was not armed had nothing that waits.
    local length = session and armIfNot(device) and 1 or redis.call('XLEN', inbox)
    if length == 1 and not session then
        redis.call('PERSIST', box)
    end

    local result = {'A', position, last or '0-0', session or ''}
    if older then
        supersede(result, device, older, session)
        length = redis.call('XLEN', inbox)
    end
    if length > cap then
        overflow(result, device, length - cap, session)
    end
    return result
end

-- A message that was recalled before it came here: its receipt is made now, as only now is it known
-- that it was for this device.
local function refuse(at, reason)
    local result = {'R', 1}
    receipt(result, ARGV[at], ARGV[at + 1], 'recalled', 0, reason)
    see(ARGV[at], ARGV[at + 1], '0-0', ARGV[at + 2], 'recalled')
    return result
end

local WITHDRAWN = {recall = '', sibling = 'acked by a sibling'}

local function offer(at, cap)
    local device, id = ARGV[at], ARGV[at + 1]
    local isRecalled = string.find(ARGV[at + 7], 'k', 1, true)
    if ARGV[at + 3] == '' and not isRecalled and not redis.call('HGET', seenKey(device, 1), id) then
        -- Nearly all messages are new, and to append one finds that out without another look.
        local result = append(at, cap)
        if result then
            return result
        end
    end
    local position, origin, ended = seen(device, id)
    if ended == 'recalled' then
        return {'R', origin == ARGV[at + 2] and 1 or 0}
    elseif position and not WITHDRAWN[ended] then
        return {
            'D', position, redis.call('HGET', SESSIONS, device) or '',
            redis.call('HEXISTS', boxKey(device), position), origin == ARGV[at + 2] and 1 or 0
        }
    elseif not isFor(device, ARGV[at + 3]) then
        return {'P'}
    elseif position then
        return refuse(at, WITHDRAWN[ended])
    elseif isRecalled then
        return refuse(at, '')
    end
    return append(at, cap)
end

local cap = tonumber(ARGV[7])
local results = {}
for at = 8, #ARGV, 9 do
    turnTo(#results + 1)
    results[#results + 1] = offer(at, cap)
end
return results
