-- What the scripts that change groups share; it stands between cursors.lua and each of them.
--
-- {sN}groups  hash: device -> checked|token|api|leaving
--   checked     when the sets were last brought into line with this (epoch ms), 0 if they must be
--   token, api  the groups that a token or the API gave it, separated by commas
--   leaving     groups whose sets may still hold the device; * is the set of the app
local GROUPS = TAG .. 'groups'

local function has(list, group)
    return string.find(',' .. list .. ',', ',' .. group .. ',', 1, true) ~= nil
end

local function with(list, group)
    if has(list, group) then
        return list
    end
    return list == '' and group or list .. ',' .. group
end

local function without(list, group)
    local kept = {}
    for each in string.gmatch(list, '[^,]+') do
        if each ~= group then
            kept[#kept + 1] = each
        end
    end
    return table.concat(kept, ',')
end

-- The device's groups, all empty where it has none.
local function memberships(device)
    local text = redis.call('HGET', GROUPS, device)
    local checked, token, api, leaving
    if text then
        checked, token, api, leaving = string.match(text, '^(%d+)|([^|]*)|([^|]*)|([^|]*)$')
    end
    return {
        checked = tonumber(checked) or 0, token = token or '', api = api or '',
        leaving = leaving or ''
    }
end

-- Gives the device a cursor in the logs of groups that it comes into, and takes those away of groups
-- that it leaves, and of which none has been needed for long.
local function moveCursors(device, old, token, api, uncertain)
    local cursors, changed = cursorsOf(device), false
    for group in string.gmatch(token .. ',' .. api, '[^,]+') do
        if not has(old.token, group) and not has(old.api, group) then
            cursors['g.' .. group] = int(math.max(now - uncertain, 0)) .. '-0'
            changed = true
        end
    end
    local forgotten = now - GROUP_LOG_KEPT
    for log, position in pairs(cursors) do
        local group = groupOf(log)
        if group then
            local member = has(token, group) or has(api, group)
            if not member or tonumber(string.match(position, '^%d+')) < forgotten then
                cursors[log] = nil
                changed = true
            end
        end
    end
    if changed then
        keep(device, cursors)
    end
end

-- Notes what the device belongs to from now on, and that the sets have to follow. Returns the record.
-- A log's position may lie so many ms behind the time of a membership from before it, as their
-- servers' clocks differ: what was appended that long before a device came in is for it, too.
local function belong(device, old, token, api, gone, uncertain)
    moveCursors(device, old, token, api, uncertain)
    local leaving = gone and '*' or ''
    for group in string.gmatch(old.leaving .. ',' .. old.token .. ',' .. old.api, '[^,]+') do
        if group ~= '*' and not has(token, group) and not has(api, group) then
            leaving = with(leaving, group)
        end
    end
    local text = '0|' .. token .. '|' .. api .. '|' .. leaving
    redis.call('HSET', GROUPS, device, text)
    return text
end
