-- What the scripts of cursors share; it stands between shard.lua and each of them.
--
-- A log of a group is called g.<group>. A device that comes into a group gets a cursor in its log then,
-- whether there is one or not, so that it gets what is appended from then on, also while it is away.
-- It goes when the device leaves the group, and once it is so old that the log can't hold anything
-- from before it: a device of the group that has none begins there.
local GROUP_LOG_KEPT = 14 * DAY -- twice as long as a log may keep a message

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
    if #parts == 0 then
        redis.call('HDEL', TAG .. 'cursors', device)
        return
    end
    table.sort(parts)
    redis.call('HSET', TAG .. 'cursors', device, table.concat(parts, ' '))
end

-- The group whose log it is, or nil.
local function groupOf(log)
    return string.match(log, '^g%.(.*)$')
end

-- Nothing that a group's log still holds is older.
local function oldest()
    return int(math.max(now - GROUP_LOG_KEPT, 0)) .. '-0'
end
