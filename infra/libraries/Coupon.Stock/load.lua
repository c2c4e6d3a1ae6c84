-- requires keep-present.lua
-- Puts a coupon on sale that was created a moment ago. A coupon that may have been sold from before is not loaded but rebuilt:
-- this script knows nothing of what MySQL and the topic know.
--
-- KEYS[1] state (hash), [2] users (hash), [3] verifying (hash), [4] outbox (sorted set)
-- ARGV[1] total, [2] returned, [3] opens (ms, or empty), [4] closes (ms, or empty), [5] closed (0 or 1), [6] retaken,
--     [7] title, [8] created (ms), [9] the epoch: the last verification of everything, [10] the shard, or empty
-- Returns 1 where it was loaded; 0 where it already was, is being verified, or has a seat with a holder (nothing changes).

if redis.call('EXISTS', KEYS[1], KEYS[2], KEYS[3]) > 0 then
  return 0
end
local remaining = remaining_of(tonumber(ARGV[1]), tonumber(ARGV[2]), 0)
redis.call('HSET', KEYS[1], 'total', ARGV[1], 'remaining', remaining, 'issued', 0, 'returned', ARGV[2],
  'opens', ARGV[3], 'closes', ARGV[4], 'closed', ARGV[5], 'retaken', ARGV[6], 'title', ARGV[7], 'created', ARGV[8], 'verified', ARGV[9],
  'shard', ARGV[10])
if ARGV[10] ~= '' then
  keep_present(KEYS[2], KEYS[4])
end
return 1
