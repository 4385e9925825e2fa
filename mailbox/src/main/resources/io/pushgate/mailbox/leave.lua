-- Takes a device out of a group that the API put it into.
-- KEYS, ARGV[1..6] as in shard.lua
-- ARGV[7] device
-- ARGV[8] group
-- Result: array of 1 if it belongs to the group no longer, 0 if it does by its token; the record
--   that the sets have to follow, empty if there is nothing to do
local device, group = ARGV[7], ARGV[8]
local old = memberships(device)
local stays = has(old.token, group)
if not has(old.api, group) and not has(old.leaving, group) then
    return {stays and 0 or 1, ''}
end
return {stays and 0 or 1, belong(device, old, old.token, without(old.api, group), false, 0)}
