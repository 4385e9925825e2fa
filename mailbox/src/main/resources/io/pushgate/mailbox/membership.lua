-- What the scripts that change groups share; it stands between shard.lua and each of them.
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

-- Notes what the device belongs to from now on, and that the sets have to follow. Returns the record.
local function belong(device, old, token, api, gone)
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
