-- Returns the seat that a user holds, and whether it still waits in the outbox.
--
-- KEYS[1] state (hash), [2] users (hash), [3] outbox (sorted set)
-- ARGV[1] the epoch: the last verification of everything that the caller knows of, [2] user id
-- Returns the seat's text in users, and 1 or 0; nil where the user holds none, or the coupon is not loaded or from before the epoch.

if (tonumber(redis.call('HGET', KEYS[1], 'verified')) or -1) < tonumber(ARGV[1]) then
  return false
end
local seat = redis.call('HGET', KEYS[2], ARGV[2])
if not seat then
  return false
end
local entry = string.gsub(seat, ':', ':' .. ARGV[2] .. ':', 1)
return {seat, redis.call('ZSCORE', KEYS[3], entry) and 1 or 0}
