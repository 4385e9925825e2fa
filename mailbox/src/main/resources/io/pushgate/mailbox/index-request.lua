-- Keeps where a request went; the first one stays.
-- KEYS[1] {m<app>/<id>}index  as in index-receipts.lua
-- ARGV[1] how long it is kept (ms)
-- ARGV[2] partition|offset|at|request as JSON
-- Result: 1 kept, 0 there was one
local kept = redis.call('HSETNX', KEYS[1], 'request', ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return kept
