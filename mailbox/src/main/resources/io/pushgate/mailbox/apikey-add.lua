-- Keeps an API key, unless there are too many.
-- KEYS[1] {apikeys}keys  hash: key id -> kind|app|created at (epoch ms)|SHA-256 of the secret, hex
-- ARGV[1] key id
-- ARGV[2] the value
-- ARGV[3] keys, at most
-- Result: 1 kept, 0 there are as many as may be
if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 0
    and redis.call('HLEN', KEYS[1]) >= tonumber(ARGV[3]) then
    return 0
end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
return 1
