-- Leases entries that are due: their time moves on, so no other relay sends them meanwhile. They are due again if the relay that leased them dies.
--
-- KEYS[1] outbox (sorted set)
-- ARGV[1] ms that the lease lasts, [2] how many at most
-- Returns the members, those that have been due the longest first.

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local due = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'LIMIT', 0, ARGV[2])
for _, member in ipairs(due) do
  redis.call('ZADD', KEYS[1], 'XX', now + tonumber(ARGV[1]), member)
end
return due
