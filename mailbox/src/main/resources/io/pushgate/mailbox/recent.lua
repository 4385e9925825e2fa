-- The messages a device was offered today and yesterday; changes nothing.
-- KEYS, ARGV[1..6] as in shard.lua
-- ARGV[7] device
-- ARGV[8] messages of one day, beyond which that day is not read
-- Result: 1 if a day was left out else 0 (integer), then per message id, position
local device, most = ARGV[7], tonumber(ARGV[8])
local result = {0}
for daysAgo = 0, 1 do
    local key = seenKey(device, daysAgo)
    if redis.call('HLEN', key) > most then
        result[1] = 1
    else
        local fields = redis.call('HGETALL', key)
        for i = 1, #fields, 2 do
            local position = string.match(fields[i + 1], '^(%S+)')
            if position ~= '0-0' then -- else it was recalled before it was offered
                result[#result + 1] = fields[i]
                result[#result + 1] = position
            end
        end
    end
end
return result
