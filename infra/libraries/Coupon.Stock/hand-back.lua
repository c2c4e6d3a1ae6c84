-- Adds entries to an outbox that may have lost them; those that are there keep their time.
--
-- KEYS[1] outbox (sorted set)
-- ARGV[1] ms until a relay may send them, then the entries
-- Returns how many were added.

local time = redis.call('TIME')
local due = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000) + tonumber(ARGV[1]))
local added = 0
for i = 2, #ARGV do
  added = added + redis.call('ZADD', KEYS[1], 'NX', due, ARGV[i])
end
return added
