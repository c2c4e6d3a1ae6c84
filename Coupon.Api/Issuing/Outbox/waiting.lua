-- Which of some entries still wait in the outbox. Called by its hash only, like issue.lua: a Redis that may have forgotten something does not know it,
-- and cannot say "not there any more" of what it lost.
--
-- KEYS[1] state (hash), [2] outbox (sorted set)
-- ARGV entries
-- Returns 1 or 0 for each, or nil where the coupon is not loaded: it is being verified, or was flushed.

if redis.call('EXISTS', KEYS[1]) == 0 then
  return false
end
local waiting = {}
for i, entry in ipairs(ARGV) do
  waiting[i] = redis.call('ZSCORE', KEYS[2], entry) and 1 or 0
end
return waiting
