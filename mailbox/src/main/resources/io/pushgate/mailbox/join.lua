-- Puts a device into a group, as the API asks for it.
-- KEYS, ARGV[1..6] as in shard.lua
-- ARGV[7] device
-- ARGV[8] group
-- ARGV[9] groups that the API may put one device into
-- ARGV[10] ms by which clocks of servers may differ, at least 1
-- Result: array of 1 if it belongs to the group now, 0 if it has too many; the record that the sets
--   have to follow, empty if they do already
local device, group = ARGV[7], ARGV[8]
local old = memberships(device)
if has(old.api, group) and old.checked > 0 then
    return {1, ''}
end
local _, count = string.gsub(old.api, '[^,]+', '')
if not has(old.api, group) and count >= tonumber(ARGV[9]) then
    return {0, ''}
end
-- A device that never connects is forgotten like one that no longer does.
redis.call('ZADD', TAG .. 'lastseen', 'NX', NOW, device)
return {1, belong(device, old, old.token, with(old.api, group), false, tonumber(ARGV[10]))}
