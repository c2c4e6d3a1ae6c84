-- Tells which entries still wait in the outbox. Called by its hash only, like issue.lua: a Redis that may have lost entries does not know the script,
-- so it cannot report a lost entry as one that was sent.
--
-- KEYS[1] state (hash), [2] outbox (sorted set)
-- ARGV[1] the epoch: the last verification of everything that the caller knows of, [2] its shard, or empty, then entries
-- Returns 1 or 0 for each entry; nil where the coupon is not loaded (it is being verified, or Redis was flushed) or is from before the epoch or of
-- another shard.

local state = redis.call('HMGET', KEYS[1], 'verified', 'shard')
if (tonumber(state[1]) or -1) < tonumber(ARGV[1]) or (state[2] or '') ~= ARGV[2] then
  return false
end
local waiting = {}
for i = 3, #ARGV do
  waiting[i - 2] = redis.call('ZSCORE', KEYS[2], ARGV[i]) and 1 or 0
end
return waiting
