-- Ends the lease of an access node.
-- KEYS[1] sorted set: node id -> when its lease runs out (epoch ms)
-- KEYS[2] string: the node's lease
-- ARGV[1] node id
-- Result: integer, 1 if there was a lease, else 0
redis.call('ZREM', KEYS[1], ARGV[1])
return redis.call('DEL', KEYS[2])
