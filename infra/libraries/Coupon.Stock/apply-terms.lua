-- requires remaining.lua
-- Makes Redis follow the terms that MySQL holds. It converges: run twice, or after a crash between MySQL and Redis, the outcome is the same, because
-- what is left follows from the totals and not from what one request wanted to add.
--
-- KEYS[1] state (hash)
-- ARGV[1] total, [2] returned, [3] opens (ms, or empty), [4] closes (ms, or empty), [5] closed (0 or 1), [6] retaken,
--     [7] title, [8] created (ms)
-- Returns nil where the coupon is not loaded, else by how much the stock grew.
-- Terms that were read before a later change undo nothing of it: the total, what was ever returned (returned + retaken) and what was taken
-- back of it only grow, and closing is final. What is returned at this moment may shrink, so it follows from the two.

local state = redis.call('HMGET', KEYS[1], 'total', 'returned', 'issued', 'remaining', 'closed', 'retaken')
if not state[1] then
  return false
end
local total = math.max(tonumber(ARGV[1]), tonumber(state[1]))
local retaken_before = tonumber(state[6]) or 0
local retaken = math.max(tonumber(ARGV[6]), retaken_before)
local returned = math.max(tonumber(ARGV[2]) + tonumber(ARGV[6]), tonumber(state[2]) + retaken_before) - retaken
local closed = math.max(tonumber(ARGV[5]), tonumber(state[5]))
local remaining = remaining_of(total, returned, tonumber(state[3]))
redis.call('HSET', KEYS[1], 'total', total, 'returned', returned, 'remaining', remaining,
  'opens', ARGV[3], 'closes', ARGV[4], 'closed', closed, 'retaken', retaken, 'title', ARGV[7], 'created', ARGV[8])
return remaining - tonumber(state[4])
