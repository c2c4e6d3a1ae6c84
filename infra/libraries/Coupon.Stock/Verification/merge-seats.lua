-- Adds seats that Redis has forgotten. Only ever adds, so running it twice changes nothing.
-- The step chains the calls of one verification: where Redis has lost an earlier one in between, this one is refused.
--
-- KEYS[1] users (hash), [2] outbox (sorted set), [3] verifying (hash)
-- ARGV[1] id of the verification, [2] number of this step, from 1, then five for each seat:
--     user id, ordinal, issued at (ms), hash of the Idempotency-Key or empty, 1 to send it again at once (empty: it is on its way or has arrived)
-- Returns {users added, outbox entries added, users who already held another seat}, or nil where this verification is no longer the one.

local holder = redis.call('HMGET', KEYS[3], 'id', 'step')
if holder[1] ~= ARGV[1] or tonumber(holder[2]) ~= tonumber(ARGV[2]) - 1 then
  return false
end
local users, entries, conflicts = 0, 0, 0
local clock = redis.call('TIME')
local now = string.format('%.0f', clock[1] * 1000 + math.floor(clock[2] / 1000))
for i = 3, #ARGV, 5 do
  local user, ordinal, time, key, again = ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3], ARGV[i + 4]
  local seat = ordinal .. ':' .. time .. (key == '' and '' or ':' .. key)
  if redis.call('HSETNX', KEYS[1], user, seat) == 1 then
    users = users + 1
  else
    local held = redis.call('HGET', KEYS[1], user)
    local its_ordinal, its_time = string.match(held, '^(%d+):?(%-?%d*)')
    if its_ordinal ~= ordinal then
      conflicts = conflicts + 1
    elseif its_time == time then
      -- It may have more at its end, such as the trace of the press, and the entry is found by the text of the seat.
      seat = held
    end
  end
  if again ~= '' then
    entries = entries + redis.call('ZADD', KEYS[2], 'NX', now, (string.gsub(seat, ':', ':' .. user .. ':', 1)))
  end
end
redis.call('HSET', KEYS[3], 'step', ARGV[2])
return {users, entries, conflicts}
