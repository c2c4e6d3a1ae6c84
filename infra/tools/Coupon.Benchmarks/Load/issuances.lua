-- For wrk: every request is another user, of one coupon after the other. Arguments: first user id, and the ids of the coupons.
-- Each thread counts users in a range of its own.
-- Ends with one line for the benchmark: RESULT requests µs non-2xx socket-errors p50 p95 p99 max (latencies in µs).

local threads = 0

function setup(thread)
  thread:set("slot", threads)
  threads = threads + 1
end

local heads, user = {}, 0

function init(args)
  user = tonumber(args[1]) + slot * 1e9
  for index = 2, #args do
    heads[index - 2] = string.format(
      "POST /coupons/%s/issuances HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ", args[index])
  end
end

function request()
  user = user + 1
  local head = heads[user % (#heads + 1)]
  local body = string.format('{"userId":%.0f}', user)
  return head .. #body .. "\r\n\r\n" .. body
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format("RESULT %d %d %d %d %d %d %d %d\n", summary.requests, summary.duration, errors.status,
    errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50), latency:percentile(95), latency:percentile(99), latency.max))
end
