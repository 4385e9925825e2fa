-- Adds a target to the note of a message id that was used before.
-- KEYS, ARGV[1..6] as in shard.lua
-- ARGV[7] app/id
-- ARGV[8] target, as JSON
-- ARGV[9] lifetime of a new note (ms)
-- ARGV[10] bytes of a note, at most
-- Result: array of 1 if the message is recalled else 0, 1 if the note was full else 0 (integers)
local key = TAG .. 'to:' .. ARGV[7]
local note = redis.call('GET', key)
if not note then
    redis.call('SET', key, 'N ' .. ARGV[9] .. ' ' .. ARGV[8], 'PX', ARGV[9])
    return {0, 0}
end
local recalled = string.sub(note, 1, 1) == 'R' and 1 or 0
local targets = string.match(note, '^%u %d+ (.*)$') or ''
for target in string.gmatch(targets, '[^\n]+') do
    if target == ARGV[8] then
        return {recalled, 0}
    end
end
if #note + #ARGV[8] >= tonumber(ARGV[10]) then
    return {recalled, 1}
end
redis.call('SET', key, note .. (targets == '' and '' or '\n') .. ARGV[8], 'KEEPTTL')
return {recalled, 0}
