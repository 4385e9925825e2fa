-- Takes a message out of a broadcast log: whoever has not got it doesn't get it any more. Its entry
-- stays where it is, as the next one names it, and is read without its payload. One that is not in
-- the log yet is kept out of it: the append, within a day, tells.
-- KEYS, ARGV[1..6] as in shard.lua
-- ARGV[7] log (app/log)
-- ARGV[8] id
-- ARGV[9] 1 to look for it in the log itself, as its id may be forgotten, else 0
-- ARGV[10] how long the log keeps messages (ms)
-- Result: array that begins with
--   'W' withdrawn, now or before: position, recalls in this log so far, the time (epoch ms, integers)
--   'N' not appended yet
--   'G' gone: no longer kept, or forgotten
local STEP = 16 -- messages read at once: 1 MiB at most
local log, id, search = ARGV[7], ARGV[8], ARGV[9] == '1'
local stream, recalled, recalls = TAG .. 'log:' .. log, TAG .. 'recalled:' .. log, log .. ' recalls'

local function find()
    local from = '-'
    while true do
        local entries = redis.call('XRANGE', stream, from, '+', 'COUNT', STEP)
        for _, entry in ipairs(entries) do
            if entry[2][2] == id then
                return entry[1]
            end
        end
        if #entries < STEP then
            return
        end
        from = '(' .. entries[#entries][1]
    end
end

local position = seen('log:' .. log, id)
if position == '0-0' then
    return {'N'}
elseif not position then
    position = search and find()
    if not position then
        see('log:' .. log, id, '0-0', '-', 'recall')
        return {search and 'G' or 'N'}
    end
elseif #redis.call('XRANGE', stream, position, position) == 0 then
    return {'G'}
end

if redis.call('ZADD', recalled, string.match(position, '^%d+'), position) == 1 then
    local oldest = redis.call('XRANGE', stream, '-', '+', 'COUNT', 1)[1][1]
    redis.call('ZREMRANGEBYSCORE', recalled, '-inf', '(' .. string.match(oldest, '^%d+'))
    redis.call('PEXPIRE', recalled, ARGV[10])
    redis.call('HINCRBY', TAG .. 'logtails', recalls, 1)
    endAs('log:' .. log, id, 'recalled')
end
return {'W', position, tonumber(redis.call('HGET', TAG .. 'logtails', recalls)), now}
