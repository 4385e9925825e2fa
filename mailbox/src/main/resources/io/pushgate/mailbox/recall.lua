-- Takes a message out of the inboxes of devices. A device that it was not offered to yet is kept from
-- getting it: the offer, within a day, makes the receipt.
-- KEYS, ARGV[1..6] as in shard.lua
-- ARGV[7] why: recall, or sibling where another device acked it first
-- ARGV[8] 1 to look for it in the inbox itself, as its id may be forgotten, else 0
-- ARGV[9] and on: per device 2 of device, id
-- Result: per device an array that begins with
--   'W' withdrawn: position, session or empty, the id of its receipt in the outbox and its text
--   'N' not offered yet
--   'A' acked before
--   'E' ended otherwise: a final status, or forgotten where it was looked for in vain
local why, search = ARGV[7], ARGV[8] == '1'
local REASONS = {recall = '', sibling = 'acked by a sibling'}

local function find(device, id, position)
    if position then
        return redis.call('XRANGE', inboxKey(device), position, position)
    end
    for _, entry in ipairs(redis.call('XRANGE', inboxKey(device), '-', '+')) do
        if idOf(entry) == id then
            return {entry}
        end
    end
    return {}
end

local function withdraw(device, found)
    local session = redis.call('HGET', SESSIONS, device)
    local result = {'W', found[1][1], session or ''}
    finish(result, device, found[1], 'recalled', REASONS[why])
    if remove(device, found, session) == 0 then
        disarm(device)
    end
    return result
end

local function recall(device, id)
    local position, _, ended = seen(device, id)
    if ended and REASONS[ended] then
        return {'N'}
    elseif ended and ended ~= '' then
        return {'E', ended}
    end
    local found = (position or search) and find(device, id, position) or {}
    if #found == 1 then
        return withdraw(device, found)
    elseif position then
        return {'A'}
    end
    see(device, id, '0-0', '-', why)
    return search and {'E', 'forgotten'} or {'N'}
end

local results = {}
for at = 9, #ARGV, 2 do
    turnTo(#results + 1)
    results[#results + 1] = recall(ARGV[at], ARGV[at + 1])
end
return results
