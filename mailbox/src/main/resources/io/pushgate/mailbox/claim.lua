-- Takes the devices whose oldest unacked message is overdue; each is then due again after the next
-- wait, so that no two callers get it.
-- KEYS, ARGV[1..6] as in shard.lua
-- ARGV[7] devices, at most
-- Result: per device an array that begins with
--   'R' deliver again: device, session, attempt (integer, from 1)
--   'X' the last attempt was in vain and the session is ended: device, session, then per receipt its
--       id in the outbox and its text
--   'O' no session any more: device
local attempts = select(2, string.gsub(ARGV[2], '%d+', ''))
local results = {}
for _, device in ipairs(redis.call('ZRANGEBYSCORE', TAG .. 'due', '-inf', NOW, 'LIMIT', 0, ARGV[7])) do
    local session = redis.call('HGET', SESSIONS, device)
    local oldest = redis.call('XRANGE', inboxKey(device), '-', '+', 'COUNT', 1)[1]
    local attempt = tonumber(redis.call('HGET', TAG .. 'attempts', device) or '0') + 1
    if not session then
        disarm(device)
        results[#results + 1] = {'O', device}
    elseif not oldest then
        disarm(device)
    elseif attempt <= attempts then
        redis.call('HSET', TAG .. 'attempts', device, attempt)
        dueAfter(device, attempt + 1)
        results[#results + 1] = {'R', device, session, attempt}
    else
        local result = {'X', device, session}
        receipt(result, device, idOf(oldest), 'unacked', attempts, '')
        redis.call('HDEL', SESSIONS, device)
        redis.call('ZADD', TAG .. 'lastseen', NOW, device)
        disarm(device)
        results[#results + 1] = result
    end
end
return results
