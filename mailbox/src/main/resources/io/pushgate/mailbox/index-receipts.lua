-- Keeps what is known of messages' devices. What is final stays; of two that are not, the later one
-- counts.
-- KEYS {m<app>/<id>}index  hash: request -> partition|offset|at|request as JSON;
--   d:<device> -> final (1 or 0)|status|at|attempt|reason; more -> devices left out. Of several
--   messages where one server has them all
-- ARGV[1] how long it is kept (ms)
-- ARGV[2] devices of a message, at most
-- ARGV[3] ms by which that may be shorter, after the last change
-- ARGV[4] and on: per receipt 4 of the number of its message's key (from 1), device, at (epoch ms), the
--   value as above
-- Result: how many were kept
local keep, most, spare = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local kept = 0
for i = 4, #ARGV, 4 do
    local key, field = KEYS[tonumber(ARGV[i])], 'd:' .. ARGV[i + 1]
    local at, value = tonumber(ARGV[i + 2]), ARGV[i + 3]
    local final = string.sub(value, 1, 1) == '1'
    -- What is not final mostly comes first: where there is no key yet there is nothing to compare.
    local size = not final and redis.call('HLEN', key) or nil
    local old = size ~= 0 and redis.call('HGET', key, field)
    local oldFinal, oldAt = string.match(old or '', '^(%d)|[^|]*|(%d+)|')
    oldAt = tonumber(oldAt)
    if not old and (size or redis.call('HLEN', key)) >= most then
        redis.call('HINCRBY', key, 'more', 1)
        redis.call('PEXPIRE', key, keep)
    elseif oldFinal ~= '1' and (final or at >= (oldAt or 0)) then
        redis.call('HSET', key, field, value)
        kept = kept + 1
        -- Most messages end soon after they were accepted: their time need not begin again.
        if not (final and oldAt and at - oldAt < spare) then
            redis.call('PEXPIRE', key, keep)
        end
    end
end
return kept
