-- Reads the receipts that have waited in the outbox for long: whoever made them did not confirm them.
-- KEYS, ARGV[1..6] as in shard.lua
-- ARGV[7] how long (ms)
-- ARGV[8] receipts, at most
-- Result: array of, per receipt, its id in the outbox and its text, or an empty text where there is
--   none
local result = {}
local before = math.max(now - tonumber(ARGV[7]), 0)
for _, entry in ipairs(redis.call('XRANGE', TAG .. 'outbox', '-', int(before), 'COUNT', ARGV[8])) do
    result[#result + 1] = entry[1]
    result[#result + 1] = entry[2][1] == 'r' and entry[2][2] or ''
end
return result
