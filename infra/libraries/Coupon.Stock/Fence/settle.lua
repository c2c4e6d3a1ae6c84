-- An instance has handed back everything for a verification, to this very process.
--
-- KEYS[1] standing (hash)
-- ARGV[1] id of the verification, [2] id of the instance, [3] the run ids of the processes that it was handed back to
-- Returns 1; 0 where the verification waits no longer, or this is another process.

local run = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)')
if redis.call('HGET', KEYS[1], 'waiting') ~= ARGV[1] or not string.find(ARGV[3], run, 1, true) then
  return 0
end
redis.call('HSET', KEYS[1], ARGV[2], ARGV[1])
return 1
