-- Takes out of inboxes what their devices have processed: everything up to a position each. A late
-- ack of an ended session counts too, as the device did process it.
-- KEYS, ARGV[1..6] as in shard.lua
-- ARGV[7] and on: per ack 4 of device, node, session number, position
-- Result: per ack an array, in order, of messages trimmed (integer), 1 if the session is still the
--   live one else 0, then per receipt its id in the outbox and its text
local results = {}
for at = 7, #ARGV, 4 do
    turnTo(#results + 1)
    local device = ARGV[at]
    local session = redis.call('HGET', SESSIONS, device)
    local node, number = routeOf(session)
    local result = {0, (node == ARGV[at + 1] and number == ARGV[at + 2]) and 1 or 0}
    local trimmed, remaining = deliver(result, device, ARGV[at + 3], session)
    result[1] = trimmed
    if remaining == 0 then
        disarm(device)
    elseif trimmed > 0 and node then
        -- Without progress the timer stands: a client that repeats an old ack is not excused.
        arm(device)
    end
    results[#results + 1] = result
end
return results
