-- Adds to a counter and says where it stands.
-- KEYS[1] the counter, ARGV[1] how much to add
-- returns {the word "at", the new value}
return { 'at', redis.call('INCRBY', KEYS[1], ARGV[1]) }
