-- Keeps one step of a traced message; of very many the oldest go.
-- KEYS[1] {m<app>/<id>}trace  stream: what happened to the message, in Redis's time
-- ARGV[1] how long it is kept after the last step (ms)
-- ARGV[2] steps, at most
-- ARGV[3] step, ARGV[4] device or empty, ARGV[5] node or empty, ARGV[6] detail or empty
-- Result: the id of the step
local id = redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[2], '*',
    's', ARGV[3], 'd', ARGV[4], 'n', ARGV[5], 't', ARGV[6])
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return id
