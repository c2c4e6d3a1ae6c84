-- Removes a coupon from Redis, unless issuances of it are on their way. Atomic: no seat can be taken between the check and the removal.
--
-- KEYS[1] state (hash), [2] users (hash), [3] outbox (sorted set), [4] verifying (hash)
-- ARGV[1] how many ordinals are accounted for: rows in MySQL and voided ones
--     [2] the earliest time (Unix time in ms, by the clock of Redis and not of the caller); 0: at once
-- Returns a number of StockRemoval.cs: 1 removed; 0 issuances are on their way; 2 being verified; 3 not loaded; 4 not due yet.

if redis.call('EXISTS', KEYS[4]) == 1 then
  return 2
end
if tonumber(redis.call('TIME')[1]) * 1000 < tonumber(ARGV[2]) then
  return 4
end
-- In a cluster there is always an entry that is never due (keep-present.lua).
if redis.call('ZCOUNT', KEYS[3], '-inf', '(+inf') > 0 then
  return 0
end
local issued = redis.call('HGET', KEYS[1], 'issued')
if not issued then
  return 3
end
if tonumber(issued) ~= tonumber(ARGV[1]) then
  return 0
end
redis.call('UNLINK', KEYS[1], KEYS[2], KEYS[3])
return 1
