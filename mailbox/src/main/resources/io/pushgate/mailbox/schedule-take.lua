-- Reads requests whose time has come; each is due again after a while, unless it is removed by then.
-- KEYS, ARGV[1..6] as in shard.lua
-- ARGV[7] requests, at most
-- ARGV[8] after how long they are due again (ms)
-- ARGV[9] bytes after which no further request is added
-- Result: per request 3 of app/id, origin, the request
local SCHEDULED, REQUESTS = TAG .. 'scheduled', TAG .. 'requests'
local result, bytes = {}, 0
local due = redis.call('ZRANGEBYSCORE', SCHEDULED, '-inf', NOW, 'LIMIT', 0, ARGV[7])
for _, message in ipairs(due) do
    local origin, request = string.match(redis.call('HGET', REQUESTS, message) or '', '^([^|]*)|(.*)$')
    if not origin then
        redis.call('ZREM', SCHEDULED, message)
    elseif bytes < tonumber(ARGV[9]) then
        redis.call('ZADD', SCHEDULED, int(now + tonumber(ARGV[8])), message)
        bytes = bytes + #request
        result[#result + 1] = message
        result[#result + 1] = origin
        result[#result + 1] = request
    end
end
return result
