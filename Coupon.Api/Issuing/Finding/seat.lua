-- Returns the seat that a user holds, and whether it still waits in the outbox.
--
-- KEYS[1] state (hash), [2] users (hash), [3] outbox (sorted set)
-- ARGV[1] the epoch: the last verification of everything that the caller knows of, [2] its shard, or empty, [3] user id
-- Returns the seat's text in users, and 1 or 0; nil where the user holds none, or the coupon is not loaded, or from before the epoch or of another
-- shard.

local state = redis.call('HMGET', KEYS[1], 'verified', 'shard')
if (tonumber(state[1]) or -1) < tonumber(ARGV[1]) or (state[2] or '') ~= ARGV[2] then
  return false
end
local seat = redis.call('HGET', KEYS[2], ARGV[3])
if not seat then
  return false
end
local entry = string.gsub(seat, ':', ':' .. ARGV[3] .. ':', 1)
return {seat, redis.call('ZSCORE', KEYS[3], entry) and 1 or 0}
