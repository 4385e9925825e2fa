-- Remembers which devices' end has been told for a message.
-- KEYS[1] {m<app>/<id>}told  hash: device -> status
-- ARGV[1] how long it is kept (ms)
-- ARGV[2] and on: device and status by turns
-- Result: how many were new
local new = 0
for i = 2, #ARGV, 2 do
    new = new + redis.call('HSETNX', KEYS[1], ARGV[i], ARGV[i + 1])
end
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return new
