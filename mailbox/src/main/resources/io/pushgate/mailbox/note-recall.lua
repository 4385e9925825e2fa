-- Marks a message as recalled, for requests that are not offered yet; a scheduled one is due at once,
-- so that its devices become known.
-- KEYS, ARGV[1..6] as in shard.lua
-- ARGV[7] app/id
-- ARGV[8] lifetime of the mark (ms)
-- Result: array of the targets noted so far, separated by line feeds (string), 1 if it was scheduled
--   else 0, 1 if the note is older than a day else 0 (integers)
local key = TAG .. 'to:' .. ARGV[7]
local note = redis.call('GET', key)
local keep, targets, age = tonumber(ARGV[8]), '', 0
if note then
    local left = redis.call('PTTL', key)
    local lifetime
    lifetime, targets = string.match(note, '^%u (%d+) (.*)$')
    age = tonumber(lifetime or left) - left
    targets = targets or ''
    keep = math.max(keep, left)
end
redis.call('SET', key, 'R ' .. int(keep) .. ' ' .. targets, 'PX', int(keep))
local scheduled = redis.call('ZSCORE', TAG .. 'scheduled', ARGV[7])
if scheduled then
    redis.call('ZADD', TAG .. 'scheduled', 'LT', NOW, ARGV[7])
end
return {targets, scheduled and 1 or 0, age > DAY and 1 or 0}
