-- Decides one issuance: the only place that does. Everything is checked before the first write, because a script is atomic but not
-- transactional: an error after a write would leave the write.
--
-- KEYS[1] state (hash), [2] users (hash), [3] outbox (sorted set): see CouponKeys
-- ARGV[1] user id
--     [2] how many entries the outbox may hold; 0: write no outbox entry (for measuring what it costs)
--     [3] ms until a relay may send the entry, where the API has not taken it out by then
--     [4] hash of the Idempotency-Key, or empty
-- Returns {outcome, ordinal, time}: outcome as in IssueOutcome.cs. The ordinal is that of the issuance, new or original, or 0.
-- The time (ms) is when it was issued; for "not open yet", when it opens; else 0.

local NOT_LOADED, NOT_OPEN_YET, CLOSED, ALREADY_ISSUED, SOLD_OUT, OUTBOX_FULL, ISSUED, REPEATED = 0, 1, 2, 3, 4, 5, 6, 7

local state = redis.call('HMGET', KEYS[1], 'remaining', 'issued', 'opens', 'closes', 'closed')
local remaining = tonumber(state[1])
if not remaining then
  return {NOT_LOADED, 0, 0}
end

-- Before the window: who holds a seat is told so whenever they ask.
local held = redis.call('HGET', KEYS[2], ARGV[1])
if held then
  local ordinal, issued_at, key = string.match(held, '^(%d+):(%d+):?(.*)$')
  local outcome = ARGV[4] ~= '' and ARGV[4] == key and REPEATED or ALREADY_ISSUED
  return {outcome, tonumber(ordinal), tonumber(issued_at)}
end

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local opens, closes = tonumber(state[3]), tonumber(state[4])
if state[5] == '1' or (closes and now >= closes) then
  return {CLOSED, 0, 0}
end
if opens and now < opens then
  return {NOT_OPEN_YET, 0, opens}
end
if remaining <= 0 then
  return {SOLD_OUT, 0, 0}
end
local limit = tonumber(ARGV[2])
if limit > 0 and redis.call('ZCARD', KEYS[3]) >= limit then
  return {OUTBOX_FULL, 0, 0}
end

local ordinal = tonumber(state[2]) + 1
local due = now + tonumber(ARGV[3])
local seat = string.format('%.0f:%.0f', ordinal, now)
redis.call('HSET', KEYS[1], 'remaining', remaining - 1, 'issued', ordinal)
local key = ARGV[4] == '' and '' or ':' .. ARGV[4]
redis.call('HSET', KEYS[2], ARGV[1], seat .. key)
if limit > 0 then
  redis.call('ZADD', KEYS[3], due, string.format('%.0f:%s:%.0f%s', ordinal, ARGV[1], now, key))
end
return {ISSUED, ordinal, now}
