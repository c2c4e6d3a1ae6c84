-- Forgets that a user holds a seat, because an operator has voided it: the user may ask again. Only that very seat: where the user holds another one
-- by now, nothing changes, so it may be run twice.
--
-- KEYS[1] users (hash)
-- ARGV[1] user id, [2] ordinal
-- Returns 1 where it was forgotten, else 0.

local held = redis.call('HGET', KEYS[1], ARGV[1])
if held and string.match(held, '^(%d+):') == ARGV[2] then
  return redis.call('HDEL', KEYS[1], ARGV[1])
end
return 0
