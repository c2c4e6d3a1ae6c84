-- Ends the waiting of a verification. After this no instance can settle for it in Redis: the ones that have not are given up.
--
-- KEYS[1] standing (hash)
-- ARGV[1] id of the verification
-- Returns the ids of the instances that have handed back for it, or nil where it does not wait (any more).

local waiting = redis.call('HGET', KEYS[1], 'waiting')
local ended = redis.call('HGET', KEYS[1], 'ended')
if waiting == ARGV[1] then
  redis.call('HDEL', KEYS[1], 'waiting')
  redis.call('HSET', KEYS[1], 'ended', ARGV[1])
elseif ended ~= ARGV[1] then
  return false
end
local settled = {}
local fields = redis.call('HGETALL', KEYS[1])
for i = 1, #fields, 2 do
  local field, value = fields[i], fields[i + 1]
  -- The id of an instance is a UUID. No other field has a dash, also none that a later version may add.
  if string.find(field, '-', 1, true) then
    if tonumber(value) >= tonumber(ARGV[1]) then
      settled[#settled + 1] = field
    else
      redis.call('HDEL', KEYS[1], field)
    end
  end
end
return settled
