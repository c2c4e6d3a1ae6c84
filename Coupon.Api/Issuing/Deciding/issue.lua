-- Decides presses for one coupon, one after the other. No other code gives out seats. Everything is checked before the first write: Redis runs a
-- script atomically but rolls nothing back, so an error after a write would leave the write
-- (https://redis.io/docs/latest/develop/programmability/eval-intro/).
--
-- KEYS[1] state (hash), [2] users (hash), [3] outbox (sorted set): see CouponKeys
-- ARGV[1] how many entries the outbox may hold; 0: write no outbox entries (to measure what they cost)
--     [2] ms until a relay may send an entry that the API has not removed by then
--     [3] the epoch: the last verification of everything that the caller knows of; a state from before it decides nothing
--     [4] the shard that the caller takes the coupon to be in; empty where one Redis has everything. A state from another one decides nothing
--     [5] user id, [6] the end of the seat's text: hash of the Idempotency-Key, or empty, then a colon and the trace where there is one; and so on,
--     two for each press, in the order in which they came.
--     At most 1,000 presses: Lua bounds how many values unpack can return (LUAI_MAXCSTACK in luaconf.h).
-- Returns one list with outcome, ordinal and time of the first press, then of the next. The outcome is a number of IssueOutcome.cs. The ordinal is
-- that of the issuance, new or original, or 0. The time (ms) is when the seat was issued; for "not open yet", when the coupon opens; else 0. Of an
-- original issuance that still waits in the outbox, it is a text with the hash of its key: an instance that tells of it answers for it.

local NOT_LOADED, NOT_OPEN_YET, CLOSED, ALREADY_ISSUED, SOLD_OUT, OUTBOX_FULL, ISSUED, REPEATED, NOT_VERIFIED = 0, 1, 2, 3, 4, 5, 6, 7, 8

local replies = {}
local function reply(outcome, ordinal, time)
  local last = #replies
  replies[last + 1], replies[last + 2], replies[last + 3] = outcome, ordinal, time
end

local state = redis.call('HMGET', KEYS[1], 'remaining', 'issued', 'opens', 'closes', 'closed', 'verified', 'shard')
local remaining = tonumber(state[1])
local is_verified = (tonumber(state[6]) or 0) >= tonumber(ARGV[3]) and (state[7] or '') == ARGV[4]
if not remaining or not is_verified then
  for _ = 5, #ARGV, 2 do
    reply(remaining and NOT_VERIFIED or NOT_LOADED, 0, 0)
  end
  return replies
end

local users = {}
for i = 5, #ARGV, 2 do
  users[#users + 1] = ARGV[i]
end
local held = redis.call('HMGET', KEYS[2], unpack(users))

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local opens, closes = tonumber(state[3]), tonumber(state[4])
local is_closed = state[5] == '1' or (closes and now >= closes)
local is_early = opens and now < opens
local limit = tonumber(ARGV[1])
local waiting = limit > 0 and redis.call('ZCOUNT', KEYS[3], '-inf', '(+inf') or -1

local issued = tonumber(state[2])
local issued_at = string.format('%.0f', now)
local due = string.format('%.0f', now + tonumber(ARGV[2]))
local given, seats, entries = {}, {}, {}

for i, user in ipairs(users) do
  local rest = ARGV[2 * i + 4]
  local seat = held[i] or given[user]
  if seat then
    -- Checked before the window: a user who holds a seat is told so at any time.
    -- Behind the key is the trace of the press, and what a later version may have added.
    local key = string.match(rest, '^[^:]*')
    local its_ordinal, its_time, its_key = string.match(seat, '^(%d+):(%-?%d+):?([^:]*)')
    local time_told = tonumber(its_time) or 0
    if held[i] and its_time and waiting > 0 and redis.call('ZSCORE', KEYS[3], (string.gsub(seat, ':', ':' .. user .. ':', 1))) then
      time_told = string.sub(seat, #its_ordinal + 2)
    end
    reply(key ~= '' and key == its_key and REPEATED or ALREADY_ISSUED, tonumber(its_ordinal) or 0, time_told)
  elseif is_closed then
    reply(CLOSED, 0, 0)
  elseif is_early then
    reply(NOT_OPEN_YET, 0, opens)
  elseif remaining <= 0 then
    reply(SOLD_OUT, 0, 0)
  elseif waiting >= limit then
    reply(OUTBOX_FULL, 0, 0)
  else
    issued, remaining, waiting = issued + 1, remaining - 1, waiting + (limit > 0 and 1 or 0)
    local ordinal = string.format('%.0f', issued)
    local suffix = ':' .. issued_at .. (rest == '' and '' or ':' .. rest)
    given[user] = ordinal .. suffix
    seats[#seats + 1], seats[#seats + 2] = user, given[user]
    entries[#entries + 1], entries[#entries + 2] = due, ordinal .. ':' .. user .. suffix
    reply(ISSUED, issued, now)
  end
end

if #seats > 0 then
  redis.call('HSET', KEYS[1], 'remaining', remaining, 'issued', issued)
  redis.call('HSET', KEYS[2], unpack(seats))
  if limit > 0 then
    redis.call('ZADD', KEYS[3], unpack(entries))
  end
end
return replies
