-- What the scripts of a shard share; it stands before each of them. The data model is described at
-- the class Mailbox.
--
-- The keys of a device are named here from the shard's tag and not passed one by one: claim and
-- expire learn only inside which devices they touch. All carry the tag, so all lie in one slot.
--
-- KEYS[1] {sN}sessions  hash: device -> node|number|since|platform|version
-- KEYS[2] {sN}devices   hash: device -> number|platform|user
-- KEYS[3] {sN}lastseen  sorted set: device -> when a session began or ended last (epoch ms)
-- KEYS[4] {sN}due       sorted set: device -> when its oldest unacked message is overdue (epoch ms)
-- KEYS[5] {sN}attempts  hash: device -> redeliveries since it was armed; absent means 0
-- KEYS[6] {sN}expiry    sorted set: device -> no later than its earliest expiry (epoch ms)
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
local SESSIONS, DEVICES, LASTSEEN, DUE = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local ATTEMPTS, EXPIRY, OUTBOX = KEYS[5], KEYS[6], KEYS[7]
local TAG = string.sub(SESSIONS, 1, -9)
local LOGTAILS, CURSORS = TAG .. 'logtails', TAG .. 'cursors' -- described at BroadcastLogs
local OWN = 7 -- KEYS of one shard

-- Turns to the shard of the call's item number n.
local function turnTo(n)
    local sessions = KEYS[OWN + n]
    if sessions and sessions ~= SESSIONS then
        SESSIONS, TAG = sessions, string.sub(sessions, 1, -9)
        DEVICES, LASTSEEN, DUE = TAG .. 'devices', TAG .. 'lastseen', TAG .. 'due'
        ATTEMPTS, EXPIRY, OUTBOX = TAG .. 'attempts', TAG .. 'expiry', TAG .. 'outbox'
        LOGTAILS, CURSORS = TAG .. 'logtails', TAG .. 'cursors'
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

local function inboxKey(device)
    return TAG .. 'inbox:' .. device
end

local function boxKey(device)
    return TAG .. 'box:' .. device
end

local function seenKey(device, daysAgo)
    return TAG .. 'seen:' .. int(math.floor(now / DAY) - daysAgo) .. ':' .. device
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

-- Remembers today where a message id was placed.
local function see(device, id, position, origin, ended)
    local today = seenKey(device, 0)
    redis.call('HSET', today, id, position .. ' ' .. origin .. (ended and ' ' .. ended or ''))
    if redis.call('HLEN', today) == 1 then
        redis.call('PEXPIRE', today, ARGV[6])
    end
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

-- The position that follows the one given last, or nil.
local function nextPosition(last)
    if last then
        local ms, sequence = string.match(last, '^(%d+)-(%d+)$')
        if tonumber(ms) >= now then
            return ms .. '-' .. int(tonumber(sequence) + 1)
        end
    end
    return int(now) .. '-0'
end

-- An inbox entry as {position, {'i', id, 'a', acceptedAt, 'x', expiresAt, 'f', flags, 'c', collapse}}
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
    local text = status .. '|' .. int(now) .. '|' .. attempt .. '|' .. device .. '|' .. id .. '|' .. reason
    local outboxId = redis.pcall('XADD', OUTBOX, int(now) .. '-*', 'r', text)
    if type(outboxId) == 'table' then
        -- The clock stepped back: the stream's own numbering goes on from its last id.
        outboxId = redis.call('XADD', OUTBOX, '*', 'r', text)
    end
    out[#out + 1] = outboxId
    out[#out + 1] = text
end

local function disarm(device)
    redis.call('ZREM', DUE, device)
    redis.call('HDEL', ATTEMPTS, device)
end

local waits
-- The next redelivery is due after the wait before attempt number `attempt`; past the last one the
-- last one's again.
local function dueAfter(device, attempt)
    if not waits then
        waits = {}
        for wait in string.gmatch(ARGV[2], '%d+') do
            waits[#waits + 1] = tonumber(wait)
        end
        math.randomseed(tonumber(ARGV[4]))
    end
    local stretch = 1 + tonumber(ARGV[3]) * (2 * math.random() - 1)
    local wait = math.floor(waits[math.min(attempt, #waits)] * stretch)
    redis.call('ZADD', DUE, int(now + wait), device)
end

local function arm(device)
    redis.call('HDEL', ATTEMPTS, device)
    dueAfter(device, 1)
end

local function call(command, key, arguments)
    for from = 1, #arguments, SLICE do
        redis.call(command, key, unpack(arguments, from, math.min(from + SLICE - 1, #arguments)))
    end
end

-- An inbox that became empty leaves only the last position given, so that positions never go back;
-- that too goes after a while. Nothing waits any more, so nothing can be lost by it.
local function settle(device)
    local box = boxKey(device)
    local last = redis.call('HGET', box, 'last')
    redis.call('DEL', inboxKey(device), box)
    redis.call('ZREM', EXPIRY, device)
    if last then
        redis.call('HSET', box, 'last', last)
        redis.call('PEXPIRE', box, ARGV[5])
    end
end

-- Takes entries out of an inbox. Returns how many remain.
local function remove(device, entries)
    local box = boxKey(device)
    local positions, fields = {}, {}
    for i, entry in ipairs(entries) do
        positions[i] = entry[1]
        fields[#fields + 1] = entry[1]
        local collapse = entry[2][10] or ''
        if collapse ~= '' and redis.call('HGET', box, 'c:' .. collapse) == entry[1] then
            fields[#fields + 1] = 'c:' .. collapse
        end
    end
    call('XDEL', inboxKey(device), positions)
    local remaining = redis.call('XLEN', inboxKey(device))
    if remaining == 0 then
        settle(device)
    else
        call('HDEL', box, fields)
    end
    return remaining
end

-- Ends the life of an entry that was not acked; the caller removes it.
local function finish(out, device, entry, status, reason)
    receipt(out, device, idOf(entry), status, 0, reason)
    endAs(device, idOf(entry), status)
end

-- Takes what was delivered out of an inbox. Returns how many went and how many remain. Whether an
-- ack of a message that the first ack decides was the first is not known in this shard: its receipt
-- is a contender, to be settled by who reads it, and says where the message lay and whether a
-- success is to be told.
local function deliver(out, device, upTo)
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
    return #entries, remove(device, entries)
end

-- A session's node and number, or nil.
local function routeOf(session)
    if session then
        return string.match(session, '^([^|]*)|(%d+)|')
    end
end
