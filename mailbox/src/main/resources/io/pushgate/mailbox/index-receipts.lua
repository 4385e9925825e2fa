-- Keeps what is known of a message's devices. What is final stays; of two that are not, the later
-- one counts.
-- KEYS[1] {m<app>/<id>}index  hash: request -> partition|offset|at|request as JSON;
--   d:<device> -> final (1 or 0)|status|at|attempt|reason; more -> devices left out
-- ARGV[1] how long it is kept (ms)
-- ARGV[2] devices, at most
-- ARGV[3] and on: per receipt 3 of device, at (epoch ms), the value as above
-- Result: how many were kept
local kept = 0
for i = 3, #ARGV, 3 do
    local field, at, value = 'd:' .. ARGV[i], tonumber(ARGV[i + 1]), ARGV[i + 2]
    local old = redis.call('HGET', KEYS[1], field)
    if old then
        local final, oldAt = string.match(old, '^(%d)|[^|]*|(%d+)|')
        local newer = string.sub(value, 1, 1) == '1' or at >= tonumber(oldAt or '0')
        if final ~= '1' and newer then
            redis.call('HSET', KEYS[1], field, value)
            kept = kept + 1
        end
    elseif redis.call('HLEN', KEYS[1]) < tonumber(ARGV[2]) then
        redis.call('HSET', KEYS[1], field, value)
        kept = kept + 1
    else
        redis.call('HINCRBY', KEYS[1], 'more', 1)
    end
end
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return kept
