-- Gives so many seats of one coupon to users with ids in a row, in the shape in which issue.lua leaves them, without an outbox entry.
-- KEYS[1] state (hash), [2] users (hash): see CouponKeys. ARGV[1] first user, below 2^53; [2] how many. Returns how many are left.

-- What Lua can unpack is limited.
local AT_ONCE = 1000

local state = redis.call('HMGET', KEYS[1], 'remaining', 'issued')
local remaining, issued = tonumber(state[1]), tonumber(state[2])
local first, count = tonumber(ARGV[1]), tonumber(ARGV[2])
local time = redis.call('TIME')
local issued_at = string.format(':%.0f', time[1] * 1000 + math.floor(time[2] / 1000))

local seats = {}
for user = first, first + count - 1 do
  issued = issued + 1
  seats[#seats + 1] = string.format('%.0f', user)
  seats[#seats + 1] = string.format('%.0f', issued) .. issued_at
  if #seats == 2 * AT_ONCE or user == first + count - 1 then
    redis.call('HSET', KEYS[2], unpack(seats))
    seats = {}
  end
end
redis.call('HSET', KEYS[1], 'remaining', string.format('%.0f', remaining - count), 'issued', string.format('%.0f', issued))
return remaining - count
