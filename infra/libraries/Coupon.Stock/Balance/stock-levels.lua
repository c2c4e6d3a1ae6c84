-- Reads of many coupons at once what is left and what waits for Kafka.
--
-- KEYS state (hash) and outbox (sorted set) of one coupon, then of the next
-- ARGV[1] how many entries of an outbox
-- Returns three for each coupon: what is left (nil: it is off sale), how many entries wait, and the first of them.

local levels = {}
for i = 1, #KEYS, 2 do
  -- In a cluster there is always an entry that is never due (keep-present.lua).
  local waiting = redis.call('ZCOUNT', KEYS[i + 1], '-inf', '(+inf')
  local last = #levels
  levels[last + 1] = redis.call('HGET', KEYS[i], 'remaining')
  levels[last + 2] = waiting
  levels[last + 3] = waiting > 0 and redis.call('ZRANGE', KEYS[i + 1], 0, ARGV[1] - 1) or {}
end
return levels
