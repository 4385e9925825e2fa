-- Notes that the sets follow a device's record, unless it has changed since.
-- KEYS, ARGV[1..6] as in shard.lua
-- ARGV[7] device
-- ARGV[8] the record that they follow
-- Result: array of the record as it is now where it is another, which the sets have to follow again;
--   else of an empty string
local device = ARGV[7]
local text = redis.call('HGET', GROUPS, device)
if not text then
    return {''}
end
if text ~= ARGV[8] then
    return {text}
end
local record = memberships(device)
if has(record.leaving, '*') then
    redis.call('HDEL', GROUPS, device)
else
    redis.call('HSET', GROUPS, device, NOW .. '|' .. record.token .. '|' .. record.api .. '|')
end
return {''}
