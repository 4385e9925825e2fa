-- Whether there is something to sweep in shards, see pending.lua and expire.lua.
-- KEYS, ARGV[1..6] as in shard.lua
-- ARGV[7] age from which a receipt in the outbox counts as forgotten (ms)
-- ARGV[8] how long a device without a session is remembered (ms)
-- ARGV[9] how many shards
-- Result: per shard, in order, 1 if there is else 0 (integers)
local pendingBefore = int(math.max(now - tonumber(ARGV[7]), 0))
local forgotten = now - tonumber(ARGV[8])

local function begins(key, at)
    local first = redis.call('ZRANGE', key, 0, 0, 'WITHSCORES')
    return #first > 0 and tonumber(first[2]) <= at
end

local results = {}
for shard = 1, tonumber(ARGV[9]) do
    turnTo(shard)
    local sweepable = begins(TAG .. 'expiry', now)
        or begins(TAG .. 'lastseen', forgotten)
        or #redis.call('XRANGE', TAG .. 'outbox', '-', pendingBefore, 'COUNT', 1) > 0
    results[shard] = sweepable and 1 or 0
end
return results
