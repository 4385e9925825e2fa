-- Reads an inbox after a position, without what has expired.
-- KEYS, ARGV[1..6] as in shard.lua
-- ARGV[7] device
-- ARGV[8] position
-- ARGV[9] messages, at most
-- ARGV[10] bytes of payload after which no further message is added
-- Result: array of 1 if messages follow else 0 (integer), then per message
--   position, id, accepted at, expires at, flags, payload; each empty where it is missing
local device, limit, maxBytes = ARGV[7], tonumber(ARGV[9]), tonumber(ARGV[10])
local inbox, box = inboxKey(device), boxKey(device)
local after, count, bytes = '(' .. ARGV[8], 0, 0
local result = {0}
while true do
    local entries = redis.call('XRANGE', inbox, after, '+', 'COUNT', limit - count + 1)
    if #entries == 0 then
        return result
    end
    for _, entry in ipairs(entries) do
        local fields = entry[2]
        if not tonumber(fields[6]) or tonumber(fields[6]) > now then
            if count == limit or bytes >= maxBytes then
                result[1] = 1
                return result
            end
            local payload = redis.call('HGET', box, entry[1]) or ''
            count = count + 1
            bytes = bytes + #payload
            local size = #result
            result[size + 1] = entry[1]
            result[size + 2] = fields[2] or ''
            result[size + 3] = fields[4] or ''
            result[size + 4] = fields[6] or ''
            result[size + 5] = fields[8] or ''
            result[size + 6] = payload
        end
    end
    after = '(' .. entries[#entries][1]
end
