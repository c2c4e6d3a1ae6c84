-- Makes Redis follow the terms that MySQL holds. It converges: run twice, or after a crash between MySQL and Redis, the outcome is
-- the same, because the stock grows by the difference of the totals and not by what one request wanted to add.
--
-- KEYS[1] state (hash)
-- ARGV[1] total, [2] opens (ms, or empty), [3] closes (ms, or empty), [4] closed (0 or 1)
-- Returns -1 where the coupon is not loaded, else by how much the stock grew.
-- A total only grows: terms that were read before a later restock change no total.

local total = tonumber(redis.call('HGET', KEYS[1], 'total'))
if not total then
  return -1
end
local grown = math.max(tonumber(ARGV[1]) - total, 0)
redis.call('HSET', KEYS[1], 'opens', ARGV[2], 'closes', ARGV[3], 'closed', ARGV[4])
if grown > 0 then
  redis.call('HINCRBY', KEYS[1], 'total', grown)
  redis.call('HINCRBY', KEYS[1], 'remaining', grown)
end
return grown
