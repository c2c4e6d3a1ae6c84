-- Takes a coupon off Redis, unless something of it is on its way. Atomic: no seat can be taken between the check and the deletion.
--
-- KEYS[1] state (hash), [2] users (hash), [3] outbox (sorted set)
-- ARGV[1] how many ordinals are accounted for: rows in MySQL and voided ones
-- Returns 1 deleted, 0 on its way, nil not loaded.

local issued = redis.call('HGET', KEYS[1], 'issued')
if not issued then
  return false
end
if redis.call('ZCARD', KEYS[3]) > 0 or tonumber(issued) ~= tonumber(ARGV[1]) then
  return 0
end
redis.call('UNLINK', KEYS[1], KEYS[2], KEYS[3])
return 1
