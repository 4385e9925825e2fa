-- Appends messages to broadcast logs, one after the other; the same id for the same log again,
-- within a day, only tells where it went the first time. Entries beyond count and age go.
-- KEYS, ARGV[1..6] as in shard.lua
-- ARGV[7] messages a log keeps, at most
-- ARGV[8] how long it keeps them (ms)
-- ARGV[9] and on: per message 8 of
--   log (app/log), id, origin, platforms (separated by commas, empty for all), accepted at
--   (epoch ms), expires at (epoch ms), flags (r: receipt, t: trace, z: zstd, k: recalled before it
--   came here), payload
-- Result: per message an array, in order
--   'A' accepted: position, position given before it or 0-0
--   'D' seen before: position, 1 if from the same origin else 0
--   'R' recalled before: 1 if it comes from the same origin as the first offer else 0
local cap, retention = ARGV[7], tonumber(ARGV[8])

local function append(at)
    local log, id, origin = ARGV[at], ARGV[at + 1], ARGV[at + 2]
    local known, knownOrigin, ended = seen('log:' .. log, id)
    if ended == 'recall' or (not known and string.find(ARGV[at + 6], 'k', 1, true)) then
        see('log:' .. log, id, '0-0', origin, 'recalled')
        return {'R', 1}
    elseif known == '0-0' then
        return {'R', knownOrigin == origin and 1 or 0}
    elseif known then
        return {'D', known, knownOrigin == origin and 1 or 0}
    end
    local stream = TAG .. 'log:' .. log
    local last = redis.call('HGET', TAG .. 'logtails', log)
    local position = nextPosition(last)
    redis.call('XADD', stream, 'MAXLEN', '=', cap, position,
        'i', id, 'a', ARGV[at + 4], 'x', ARGV[at + 5], 'f', ARGV[at + 6], 'o', ARGV[at + 3],
        'p', last or '0-0', 'd', ARGV[at + 7])
    redis.call('XTRIM', stream, 'MINID', '=', int(math.max(now - retention, 0)))
    redis.call('PEXPIRE', stream, int(retention))
    redis.call('HSET', TAG .. 'logtails', log, position)
    see('log:' .. log, id, position, origin)
    return {'A', position, last or '0-0'}
end

local results = {}
for at = 9, #ARGV, 8 do
    turnTo(#results + 1)
    results[#results + 1] = append(at)
end
return results
