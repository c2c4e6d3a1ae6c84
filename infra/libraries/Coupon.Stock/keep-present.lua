-- requires remaining.lua
-- Of a coupon in a cluster, users and outbox are always present: a script with several keys gets TRYAGAIN while its slot is on its way to another
-- shard and some of the keys are missing (https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/#multi-keys-operations).
-- No user has the id 0, and no relay finds an entry that is never due. Entries that count are those with a time.
local function keep_present(users, outbox)
  redis.call('HSET', users, '0', '')
  redis.call('ZADD', outbox, '+inf', '')
end

