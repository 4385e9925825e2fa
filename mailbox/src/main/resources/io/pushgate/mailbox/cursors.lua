-- What the scripts of cursors share; it stands between shard.lua and each of them.
-- Where a device stands, by log.
local function cursorsOf(device)
    local known = {}
    local text = redis.call('HGET', TAG .. 'cursors', device) or ''
    for log, position in string.gmatch(text, '(%S+) (%d+%-%d+)') do
        known[log] = position
    end
    return known
end

local function keep(device, cursors)
    local parts = {}
    for log, position in pairs(cursors) do
        parts[#parts + 1] = log .. ' ' .. position
    end
    table.sort(parts)
    redis.call('HSET', TAG .. 'cursors', device, table.concat(parts, ' '))
end
