-- Tells where a device stands in broadcast logs, and remembers it of those that are new to it.
-- KEYS, ARGV[1..6] as in shard.lua
-- ARGV[7] device
-- ARGV[8] and on: per log its name, and where a device begins that is new to it; empty in the log of
--   a group for where whoever has no cursor there begins, see cursors.lua
-- Result: array of positions, in order
local device = ARGV[7]
local cursors, changed, result = cursorsOf(device), false, {}
for at = 8, #ARGV, 2 do
    local log = ARGV[at]
    if not cursors[log] then
        cursors[log] = ARGV[at + 1] ~= '' and ARGV[at + 1] or oldest()
        changed = true
    end
    result[#result + 1] = cursors[log]
end
if changed then
    keep(device, cursors)
end
return result
