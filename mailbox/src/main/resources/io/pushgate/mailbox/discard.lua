-- Takes an entry that can't be read out of an inbox, so that it blocks nothing.
-- KEYS, ARGV[1..6] as in shard.lua
-- ARGV[7] device
-- ARGV[8] position
-- Result: array of 1 if it was there else 0 (integer), then, if its message id is readable, the id
--   of its receipt in the outbox and its text
local device = ARGV[7]
local entries = redis.call('XRANGE', inboxKey(device), ARGV[8], ARGV[8])
local result = {#entries}
if #entries == 1 then
    finish(result, device, entries[1], 'rejected', 'the stored message was unreadable')
    if remove(device, entries, redis.call('HGET', SESSIONS, device)) == 0 then
        disarm(device)
    end
end
return result
