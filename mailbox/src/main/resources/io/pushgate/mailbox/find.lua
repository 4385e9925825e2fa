-- Where one message of a device stands; changes nothing. What was offered longer ago than ids are
-- remembered is looked for among the oldest of the inbox.
-- KEYS, ARGV[1..6] as in shard.lua
-- ARGV[7] device
-- ARGV[8] message id
-- ARGV[9] entries of the inbox that are looked at, at most
-- Result: empty if it is not known; else position (0-0 if it was recalled before it was offered),
--   origin or empty, how it ended if it was not acked or empty, session or empty, then while it
--   waits: accepted at, expires at, flags, redeliveries since the device was armed
local device, id = ARGV[7], ARGV[8]
local position, origin, ended = seen(device, id)
if not position then
    for _, entry in ipairs(redis.call('XRANGE', inboxKey(device), '-', '+', 'COUNT', ARGV[9])) do
        if idOf(entry) == id then
            position, origin, ended = entry[1], '', ''
            break
        end
    end
    if not position then
        return {}
    end
end
if ended == 'recall' or ended == 'sibling' then
    ended = 'recalled' -- whose receipt follows when it is offered, see recall.lua
end
local result = {position, origin, ended, redis.call('HGET', SESSIONS, device) or ''}
local entry = redis.call('XRANGE', inboxKey(device), position, position)[1]
if entry and idOf(entry) == id then
    local fields = entry[2]
    result[5] = fields[4] or ''
    result[6] = fields[6] or ''
    result[7] = fields[8] or ''
    result[8] = redis.call('HGET', TAG .. 'attempts', device) or '0'
end
return result
