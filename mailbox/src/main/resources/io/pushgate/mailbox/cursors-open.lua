-- Tells where a device stands in the broadcast logs it follows now, and forgets the others.
-- KEYS, ARGV[1..6] as in shard.lua
-- ARGV[7] device
-- ARGV[8] and on: per log its name, and where a device begins that is new to it
-- Result: array of positions, in order
local device = ARGV[7]
local known, followed, result = cursorsOf(device), {}, {}
local changed = false
for at = 8, #ARGV, 2 do
    local log = ARGV[at]
    changed = changed or not known[log]
    followed[log] = known[log] or ARGV[at + 1]
    known[log] = nil
    result[#result + 1] = followed[log]
end
if changed or next(known) then
    keep(device, followed)
end
return result
