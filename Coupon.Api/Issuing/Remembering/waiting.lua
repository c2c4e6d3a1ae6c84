-- Tells which entries still wait in the outbox. Called by its hash only, like issue.lua: a Redis that may have lost entries does not know the script,
-- so it cannot report a lost entry as one that was sent.
--
-- KEYS[1] state (hash), [2] outbox (sorted set)
-- ARGV[1] the epoch: the last verification of everything that the caller knows of, then entries
-- Returns 1 or 0 for each entry; nil where the coupon is not loaded (it is being verified, or Redis was flushed) or is from before the epoch.

if (tonumber(redis.call('HGET', KEYS[1], 'verified')) or -1) < tonumber(ARGV[1]) then
  return false
end
local waiting = {}
for i = 2, #ARGV do
  waiting[i - 1] = redis.call('ZSCORE', KEYS[2], ARGV[i]) and 1 or 0
end
return waiting
