-- requires keep-present.lua
-- Puts a verified coupon on sale again: the last write of its verification. What is left follows from the totals.
--
-- KEYS[1] state (hash), [2] verifying (hash), [3] users (hash), [4] outbox (sorted set)
-- ARGV[1] id of the verification, [2] number of this step, [3] last ordinal, [4] total, [5] returned,
--     [6] opens (ms, or empty), [7] closes (ms, or empty), [8] closed (0 or 1), [9] retaken, [10] title, [11] created (ms),
--     [12] the shard, or empty
-- Returns what is left to give out, or nil where this verification is no longer the one.

local holder = redis.call('HMGET', KEYS[2], 'id', 'step', 'issued')
if holder[1] ~= ARGV[1] or tonumber(holder[2]) ~= tonumber(ARGV[2]) - 1 then
  return false
end
-- A coupon that was created in this moment may have been loaded meanwhile and sold from.
local loaded = tonumber(redis.call('HGET', KEYS[1], 'issued') or 0)
local issued = math.max(tonumber(ARGV[3]), tonumber(holder[3]), loaded)
local remaining = remaining_of(tonumber(ARGV[4]), tonumber(ARGV[5]), issued)
redis.call('HSET', KEYS[1], 'total', ARGV[4], 'returned', ARGV[5], 'issued', issued, 'remaining', remaining,
  'opens', ARGV[6], 'closes', ARGV[7], 'closed', ARGV[8], 'retaken', ARGV[9], 'title', ARGV[10], 'created', ARGV[11],
  'verified', ARGV[1], 'shard', ARGV[12])
redis.call('DEL', KEYS[2])
if ARGV[12] ~= '' then
  keep_present(KEYS[3], KEYS[4])
end
return remaining
