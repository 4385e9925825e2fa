-- Keeps a new dictionary of an app and has it written with after a delay. Its predecessor is kept
-- for as long as anything compressed with it may wait.
-- KEYS[1] hash: 'last' -> version last given; dictionary id -> version|from|bytes|samples, where from
--   is when writing with it begins (epoch ms)
-- KEYS[2] string: the dictionary
-- ARGV[1] milliseconds to add to the clock of Redis; 0 but in tests
-- ARGV[2] dictionary id
-- ARGV[3] dictionary
-- ARGV[4] samples it was trained from
-- ARGV[5] delay (ms)
-- ARGV[6] how long a dictionary is kept after its successor is written with (ms)
-- ARGV[7] how many may be kept at a time
-- ARGV[8] key of a dictionary without its id
-- Result: array, one of
--   'S' stored: version, from
--   'K' known before: version
--   'F' as many are kept as may be: when the first of them goes (epoch ms)
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000) + tonumber(ARGV[1])
local index, id, keep = KEYS[1], ARGV[2], tonumber(ARGV[6])

local function int(number)
    return string.format('%.0f', number)
end

local versions = {}
local fields = redis.call('HGETALL', index)
for i = 1, #fields, 2 do
    local version, from = string.match(fields[i + 1], '^(%d+)|(%d+)|')
    if fields[i] ~= 'last' and version then
        versions[#versions + 1] = {tonumber(version), tonumber(from), fields[i]}
    end
end
table.sort(versions, function(a, b)
    return a[1] < b[1]
end)

-- A version ends when the next one begins.
local kept = {}
for i, version in ipairs(versions) do
    local successor = versions[i + 1]
    if successor and successor[2] + keep <= now then
        redis.call('HDEL', index, version[3])
    else
        kept[#kept + 1] = version
    end
end

for _, version in ipairs(kept) do
    if version[3] == id and redis.call('EXISTS', KEYS[2]) == 1 then
        return {'K', version[1]}
    end
end
if #kept >= tonumber(ARGV[7]) then
    return {'F', int(kept[2][2] + keep)}
end

local from = now + tonumber(ARGV[5])
local newest = kept[#kept]
if newest and newest[3] ~= id then
    redis.call('PEXPIREAT', ARGV[8] .. newest[3], int(from + keep - tonumber(ARGV[1])))
end
local version = redis.call('HINCRBY', index, 'last', 1)
redis.call('SET', KEYS[2], ARGV[3])
redis.call('HSET', index, id,
    int(version) .. '|' .. int(from) .. '|' .. int(#ARGV[3]) .. '|' .. ARGV[4])
return {'S', version, int(from)}
