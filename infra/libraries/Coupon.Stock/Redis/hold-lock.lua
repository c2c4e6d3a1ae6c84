-- Keeps a lock for some time longer, or gives it up, where it is still its owner's.
--
-- KEYS[1] the lock (string)
-- ARGV[1] its owner, [2] for how many milliseconds from now on; 0: it is given up
-- Returns 1 where it was the owner's, else 0.

if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return 0
end
if ARGV[2] == '0' then
  return redis.call('DEL', KEYS[1])
end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])
