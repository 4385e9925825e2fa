-- Moves the cursor of an expansion, unless another purger has moved it.
-- KEYS[1] string: how far the expansion is
-- ARGV[1] how far it was when the chunk was read; empty for the beginning
-- ARGV[2] how far it is now
-- ARGV[3] how long it is kept (ms)
-- Result: string, how far it is now
local at = redis.call('GET', KEYS[1]) or ''
if at ~= ARGV[1] then
    return at
end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return ARGV[2]
