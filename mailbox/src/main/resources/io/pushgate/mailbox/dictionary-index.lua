-- What dictionaries an app has. Those that are gone are forgotten for good, so that one that is put
-- back, for a while, to be read with is not written with again.
-- KEYS[1] hash as in dictionary-put.lua
-- ARGV[1] milliseconds to add to the clock of Redis; 0 but in tests
-- ARGV[2] key of a dictionary without its id
-- Result: array of now (epoch ms), then per dictionary 2 of id, version|from|bytes|samples
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000) + tonumber(ARGV[1])
local result = {string.format('%.0f', now)}
local newest, highest, lost
local fields = redis.call('HGETALL', KEYS[1])
for i = 1, #fields, 2 do
    local id, value = fields[i], fields[i + 1]
    if id == 'last' then
        -- Not a dictionary.
    elseif redis.call('EXISTS', ARGV[2] .. id) == 1 then
        result[#result + 1] = id
        result[#result + 1] = value
        local version = tonumber(string.match(value, '^(%d+)|')) or 0
        if not highest or version > highest then
            newest, highest = id, version
        end
    else
        redis.call('HDEL', KEYS[1], id)
        lost = true
    end
end
-- If it was the newest that is lost, its predecessor, which was to go, is written with again.
if lost and newest then
    redis.call('PERSIST', ARGV[2] .. newest)
end
return result
