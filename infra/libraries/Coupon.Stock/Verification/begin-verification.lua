-- Takes a coupon off sale: its state goes, and a missing state means "not loaded" to the issue script. What a verification needs of it is
-- kept, so that an interrupted one loses nothing: the last ordinal, and the terms, from which a row that MySQL has lost is written again. The later
-- verification (the larger id) takes over from an earlier one, never the reverse.
--
-- KEYS[1] state (hash), [2] verifying (hash)
-- ARGV[1] id of the verification
-- Returns the last ordinal that Redis knows of, or nil where a later verification has taken over.

local holder = tonumber(redis.call('HGET', KEYS[2], 'id') or 0)
if holder > tonumber(ARGV[1]) then
  return false
end
local issued = tonumber(redis.call('HGET', KEYS[1], 'issued') or 0)
local kept = tonumber(redis.call('HGET', KEYS[2], 'issued') or 0)
local last = math.max(issued, kept)
local state = redis.call('HGETALL', KEYS[1])
if #state > 0 then
  redis.call('HSET', KEYS[2], unpack(state))
end
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[2], 'id', ARGV[1], 'step', 0, 'issued', last)
return last
