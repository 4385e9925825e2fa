-- What the scripts of a shard share; it stands before each of them. The data model is described at
-- the class Mailbox.
--
-- Keys are named from the shard's tag where they are used: to make all names ready for each item costs
-- as much as the commands. Those of a device are not passed one by one: claim and expire learn only
-- inside which devices they touch. All carry the tag, so all lie in one slot.
--
-- KEYS[1] {sN}sessions  hash: device -> node|number|since|platform|version
-- KEYS[2] {sN}devices   hash: device -> number|platform|user
-- KEYS[3] {sN}lastseen  sorted set: device -> when a session began or ended last (epoch ms)
-- KEYS[4] {sN}due       sorted set: device -> when its oldest unacked message is overdue (epoch ms)
-- KEYS[5] {sN}attempts  hash: device -> redeliveries since it was armed; absent means 0
-- KEYS[6] {sN}expiry    sorted set: device -> no later than its earliest expiry (epoch ms); may outlive
--   what was to expire
-- KEYS[7] {sN}outbox    stream of receipts
-- KEYS[8] and on: where a call's items are of several shards, which only one server can have all of,
--   {sN}sessions of each item; the others are named after it
-- ARGV[1] milliseconds to add to the clock of Redis; 0 but in tests
-- ARGV[2] waits before each redelivery (ms, separated by commas)
-- ARGV[3] jitter of these waits, as a fraction of them
-- ARGV[4] seed of the jitter, an integer
-- ARGV[5] how long the keys of an empty inbox are kept (ms)
-- ARGV[6] how long the ids of a day's messages are kept (ms)
-- ARGV[7] and on: each script's own
local SESSIONS = KEYS[1]
local TAG = string.sub(SESSIONS, 1, -9)
local OWN = 7 -- KEYS of one shard

-- Turns to the shard of the call's item number n.
local function turnTo(n)
    local sessions = KEYS[OWN + n]
    if sessions and sessions ~= SESSIONS then
        SESSIONS, TAG = sessions, string.sub(sessions, 1, -9)
    end
end

local DAY = 86400000
local SLICE = 500 -- arguments of one command; Lua's stack holds some thousands

local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000) + tonumber(ARGV[1])
local nowMicros = (tonumber(time[1]) * 1000 + tonumber(ARGV[1])) * 1000 + tonumber(time[2])

-- Lua writes large numbers as 1.7e+12.
local function int(number)
    return string.format('%.0f', number)
end

local NOW = int(now)
local MIDNIGHT = math.floor(now / DAY) * DAY -- when the day began
local DAYS = {[0] = int(math.floor(now / DAY)), [1] = int(math.floor(now / DAY) - 1)}

local function inboxKey(device)
    return TAG .. 'inbox:' .. device
end

local function boxKey(device)
    return TAG .. 'box:' .. device
end

local function seenKey(device, daysAgo)
    return TAG .. 'seen:' .. DAYS[daysAgo] .. ':' .. device
end

-- Where a message id was placed today or yesterday, so for 24 hours at least: position, origin and
-- how it ended, or nil. An end is empty while the message waits and when it was acked. A message that
-- was recalled before it was offered has the position 0-0.
local function seen(device, id)
    local found = redis.call('HGET', seenKey(device, 0), id)
        or redis.call('HGET', seenKey(device, 1), id)
    if found then
        return string.match(found, '^(%S+) (%S*) ?(%a*)$')
    end
end

-- Gives the ids of today their lifetime with the first of them.
local function keepToday(device)
    local today = seenKey(device, 0)
    if redis.call('HLEN', today) == 1 then
        redis.call('PEXPIRE', today, ARGV[6])
    end
end

-- Remembers today where a message id was placed.
local function see(device, id, position, origin, ended)
    local text = position .. ' ' .. origin .. (ended and ' ' .. ended or '')
    redis.call('HSET', seenKey(device, 0), id, text)
    keepToday(device)
end

-- Remembers how a message ended that was not acked, as long as its id is remembered.
local function endAs(device, id, how)
    for daysAgo = 0, 1 do
        local key = seenKey(device, daysAgo)
        local found = redis.call('HGET', key, id)
        if found then
            redis.call('HSET', key, id, string.match(found, '^%S+ %S*') .. ' ' .. how)
            return
        end
    end
end

-- The position that follows the one given last, or nil; and whether that one is of this day, so not
-- where the clock has stepped back over midnight.
local function nextPosition(last)
    if not last then
        return NOW .. '-0', false
    end
    local ms, sequence = string.match(last, '^(%d+)-(%d+)$')
    local at = tonumber(ms)
    local position = at < now and NOW .. '-0' or ms .. '-' .. int(tonumber(sequence) + 1)
    return position, at >= MIDNIGHT and at < MIDNIGHT + DAY
end

-- An inbox entry is {position, {'i', id, 'a', acceptedAt, 'x', expiresAt, 'f', flags, 'c', collapse}},
-- the last two only where there is a collapse key.

-- The message id, or empty where the entry is not one of ours.
local function idOf(entry)
    return entry[2][1] == 'i' and entry[2][2] or ''
end

local function expiryOf(entry)
    return tonumber(entry[2][6]) or 0
end

local function hasFlag(entry, letter)
    return string.find(entry[2][8] or '', letter, 1, true) ~= nil
end

-- Appends a receipt to the outbox; its id there and its text go to the end of out. Without a message
-- id there is nothing to tell.
local function receipt(out, device, id, status, attempt, reason)
    if id == '' then
        return
    end
    local text = status .. '|' .. NOW .. '|' .. attempt .. '|' .. device .. '|' .. id .. '|' .. reason
    local outboxId = redis.pcall('XADD', TAG .. 'outbox', NOW .. '-*', 'r', text)
    if type(outboxId) == 'table' then
        -- The clock stepped back: the stream's own numbering goes on from its last id.
        outboxId = redis.call('XADD', TAG .. 'outbox', '*', 'r', text)
    end
    out[#out + 1] = outboxId
    out[#out + 1] = text
end

local function disarm(device)
    redis.call('ZREM', TAG .. 'due', device)
    redis.call('HDEL', TAG .. 'attempts', device)
end

local waits
-- When the next redelivery is due: after the wait before attempt number `attempt`; past the last one
-- the last one's again.
local function dueAt(attempt)
    if not waits then
        waits = {}
        for wait in string.gmatch(ARGV[2], '%d+') do
            waits[#waits + 1] = tonumber(wait)
        end
        math.randomseed(tonumber(ARGV[4]))
    end
    local stretch = 1 + tonumber(ARGV[3]) * (2 * math.random() - 1)
    return int(now + math.floor(waits[math.min(attempt, #waits)] * stretch))
end

local function dueAfter(device, attempt)
    redis.call('ZADD', TAG .. 'due', dueAt(attempt), device)
end

local function arm(device)
    redis.call('HDEL', TAG .. 'attempts', device)
    dueAfter(device, 1)
end

-- Arms a device unless it is armed: what was offered to it before is overdue before this. Who is not
-- armed has no attempts. Returns whether it was not armed.
local function armIfNot(device)
    return redis.call('ZADD', TAG .. 'due', 'NX', dueAt(1), device) == 1
end

local function call(command, key, arguments)
    for from = 1, #arguments, SLICE do
        redis.call(command, key, unpack(arguments, from, math.min(from + SLICE - 1, #arguments)))
    end
end

-- Starts the clock of what an empty inbox leaves, which is only the last position given, so that
-- positions never go back. Nothing waits any more, so nothing can be lost by it.
local function forgetLater(device)
    redis.call('PEXPIRE', boxKey(device), ARGV[5])
end

-- Takes entries out of an inbox; `session` is the device's, or false. Returns how many remain. While
-- there is a session the next message is likely to come before anything expires, so an inbox that
-- became empty leaves its place in the expiry index and its box without a lifetime: to take both
-- away and put them back costs more than the sweep that finds nothing once.
local function remove(device, entries, session)
    local inbox, box = inboxKey(device), boxKey(device)
    local positions, fields = {}, {}
    for i, entry in ipairs(entries) do
        positions[i] = entry[1]
        fields[#fields + 1] = entry[1]
        local collapse = entry[2][10] or ''
        if collapse ~= '' and redis.call('HGET', box, 'c:' .. collapse) == entry[1] then
            fields[#fields + 1] = 'c:' .. collapse
        end
    end
    local remaining = redis.call('XLEN', inbox) - #entries
    if remaining > 0 then
        call('XDEL', inbox, positions)
    else
        redis.call('DEL', inbox)
    end
    call('HDEL', box, fields)
    if remaining == 0 and not session then
        redis.call('ZREM', TAG .. 'expiry', device)
        forgetLater(device)
    end
    return remaining
end

-- Ends the life of an entry that was not acked; the caller removes it.
local function finish(out, device, entry, status, reason)
    receipt(out, device, idOf(entry), status, 0, reason)
    endAs(device, idOf(entry), status)
end

-- Takes what was delivered out of an inbox; `session` is the device's, or false. Returns how many went
-- and how many remain. Whether an ack of a message that the first ack decides was the first is not
-- known in this shard: its receipt is a contender, to be settled by who reads it, and says where the
-- message lay and whether a success is to be told.
local function deliver(out, device, upTo, session)
    local entries = redis.call('XRANGE', inboxKey(device), '-', upTo)
    if #entries == 0 then
        return 0, redis.call('XLEN', inboxKey(device))
    end
    for _, entry in ipairs(entries) do
        if hasFlag(entry, 'f') then
            local reason = entry[1] .. (hasFlag(entry, 'r') and ' r' or '')
            receipt(out, device, idOf(entry), 'contender', 0, reason)
        elseif hasFlag(entry, 'r') then
            receipt(out, device, idOf(entry), 'delivered', 0, '')
        end
    end
    return #entries, remove(device, entries, session)
end

-- A session's node and number, or nil.
local function routeOf(session)
    if session then
        return string.match(session, '^([^|]*)|(%d+)|')
    end
end
