-- Moves cursors of devices in broadcast logs on; none goes back, and none is made in the log of a group
-- that the device has left.
-- KEYS, ARGV[1..6] as in shard.lua
-- ARGV[7] and on: per device its name, how many logs follow, and per log its name and a position
-- Result: array of 1 per device if anything moved else 0
local function isAfter(position, other)
    local ms, sequence = string.match(position, '^(%d+)-(%d+)$')
    local otherMs, otherSequence = string.match(other, '^(%d+)-(%d+)$')
    ms, otherMs = tonumber(ms), tonumber(otherMs)
    return ms > otherMs or (ms == otherMs and tonumber(sequence) > tonumber(otherSequence))
end

local function mayHave(device, log, cursors)
    local group = groupOf(log)
    if not group or cursors[log] then
        return true
    end
    local groups = memberships(device)
    return has(groups.token, group) or has(groups.api, group)
end

local result, at = {}, 7
while at <= #ARGV do
    turnTo(#result + 1)
    local device, logs = ARGV[at], tonumber(ARGV[at + 1])
    local cursors, moved = cursorsOf(device), 0
    for i = 1, logs do
        local log, position = ARGV[at + 2 * i], ARGV[at + 2 * i + 1]
        if isAfter(position, cursors[log] or '0-0') and mayHave(device, log, cursors) then
            cursors[log] = position
            moved = 1
        end
    end
    if moved == 1 then
        keep(device, cursors)
    end
    result[#result + 1] = moved
    at = at + 2 + 2 * logs
end
return result
