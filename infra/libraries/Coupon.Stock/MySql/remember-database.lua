-- Records the last reading of the database, unless a later reading is recorded.
--
-- KEYS[1] database (hash)
-- ARGV[1] epoch, [2] server, [3] mark, [4] executed GTIDs, [5] start (Unix time in seconds; 0: does not matter)

local known = redis.call('HMGET', KEYS[1], 'epoch', 'mark')
local epoch, mark = tonumber(known[1]) or -1, tonumber(known[2]) or -1
if epoch > tonumber(ARGV[1]) or (epoch == tonumber(ARGV[1]) and mark >= tonumber(ARGV[3])) then
  return 0
end
redis.call('HSET', KEYS[1], 'epoch', ARGV[1], 'server', ARGV[2], 'mark', ARGV[3], 'gtids', ARGV[4], 'started', ARGV[5])
return 1
