-- Reads a broadcast log after a position, or its newest messages; expired ones, too.
-- KEYS, ARGV[1..6] as in shard.lua
-- ARGV[7] log (app/log)
-- ARGV[8] position, or empty for the newest
-- ARGV[9] messages, at most
-- ARGV[10] bytes of payload after which no further message is added
-- Result: array of 1 if messages follow else 0 (integer), position last given or 0-0, recalls in this
--   log so far, then per message, in the order of the log: position, position before it, platforms,
--   id, accepted at, expires at, flags, payload; each empty where it is missing. One that was recalled
--   has the flag k and no payload.
local STEP = 16 -- messages read at once: 1 MiB at most
local log, after, limit, maxBytes = ARGV[7], ARGV[8], tonumber(ARGV[9]), tonumber(ARGV[10])
local stream, newest = TAG .. 'log:' .. log, ARGV[8] == ''
local taken, bytes, more = {}, 0, 0

local function read(from)
    if newest then
        return redis.call('XREVRANGE', stream, from and '(' .. from or '+', '-', 'COUNT', STEP)
    end
    return redis.call('XRANGE', stream, '(' .. from, '+', 'COUNT', STEP)
end

-- Returns whether there is room for more.
local function take(entries)
    for _, entry in ipairs(entries) do
        if #taken == limit or bytes >= maxBytes then
            more = 1
            return false
        end
        taken[#taken + 1] = entry
        bytes = bytes + #(entry[2][14] or '')
    end
    return #entries == STEP
end

local entries = read(not newest and after or nil)
while take(entries) do
    entries = read(entries[#entries][1])
end

local recalled = TAG .. 'recalled:' .. log
local anyRecalled = redis.call('EXISTS', recalled) == 1
local result = {
    newest and 0 or more, redis.call('HGET', TAG .. 'logtails', log) or '0-0',
    redis.call('HGET', TAG .. 'logtails', log .. ' recalls') or '0'
}
local function add(entry)
    local fields, size = entry[2], #result
    result[size + 1] = entry[1]
    result[size + 2] = fields[12] or ''
    result[size + 3] = fields[10] or ''
    result[size + 4] = fields[2] or ''
    result[size + 5] = fields[4] or ''
    result[size + 6] = fields[6] or ''
    if anyRecalled and redis.call('ZSCORE', recalled, entry[1]) then
        result[size + 7], result[size + 8] = 'k', ''
    else
        result[size + 7], result[size + 8] = fields[8] or '', fields[14] or ''
    end
end
if newest then
    for i = #taken, 1, -1 do
        add(taken[i])
    end
else
    for _, entry in ipairs(taken) do
        add(entry)
    end
end
return result
