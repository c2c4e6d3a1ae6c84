-- An instance that MySQL knows, and that has handed back through MySQL, is known here too: where MySQL is away, this counts.
--
-- KEYS[1] standing (hash)
-- ARGV[1] id of the instance, [2] the last verification that it has handed back for, [3] how many replicas are in step
-- Returns 1; 0 where the waiting of a later verification has ended: that one may have given it up.

local replicas = tonumber(redis.call('HGET', KEYS[1], 'replicas') or 0)
if tonumber(ARGV[3]) > replicas then
  redis.call('HSET', KEYS[1], 'replicas', ARGV[3])
end
if tonumber(redis.call('HGET', KEYS[1], 'ended') or 0) > tonumber(ARGV[2]) then
  return 0
end
if tonumber(redis.call('HGET', KEYS[1], ARGV[1]) or 0) < tonumber(ARGV[2]) then
  redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
end
return 1
