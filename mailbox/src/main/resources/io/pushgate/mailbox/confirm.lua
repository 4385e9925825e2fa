-- Takes receipts that Kafka has out of their outboxes.
-- KEYS, ARGV[1..6] as in shard.lua
-- ARGV[7] and on: per receipt its id in the outbox
-- Result: array of how many were there (integer)
local removed = 0
for at = 7, #ARGV do
    turnTo(at - 6)
    removed = removed + redis.call('XDEL', TAG .. 'outbox', ARGV[at])
end
return {removed}
