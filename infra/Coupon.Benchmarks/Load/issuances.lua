-- For wrk: every request is another user. Arguments: path, first user id. Each thread counts in a range of its own.
-- Ends with one line for the benchmark: RESULT requests µs non-2xx socket-errors p50 p95 p99 max (latencies in µs).

local threads = 0

function setup(thread)
  thread:set("slot", threads)
  threads = threads + 1
end

local head, user

function init(args)
  user = tonumber(args[2]) + slot * 1e9
  head = "POST " .. args[1] .. " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
end

function request()
  user = user + 1
  local body = string.format('{"userId":%.0f}', user)
  return head .. #body .. "\r\n\r\n" .. body
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format("RESULT %d %d %d %d %d %d %d %d\n", summary.requests, summary.duration, errors.status,
    errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50), latency:percentile(95), latency:percentile(99), latency.max))
end
