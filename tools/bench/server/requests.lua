-- Sends requests of a file, `LENGTH\n` and that many bytes each, and ends with a line of JSON. `drawn` draws them by the
-- seed NUMBER; `ordered` sends them in their order, none twice, from request NUMBER on, which takes one thread of wrk.
--
--   wrk ... -s requests.lua URL -- FILE drawn|ordered NUMBER

local requests = {}
local threads = 0
local isOrdered = false
local sent = 0

function setup(thread)
  threads = threads + 1
  thread:set("number", threads)
end

function init(words)
  local file = assert(io.open(words[1], "rb"))
  while true do
    local length = file:read("*n")
    if not length then break end
    file:read(1)
    requests[#requests + 1] = file:read(length)
  end
  file:close()
  isOrdered = words[2] == "ordered"
  sent = tonumber(words[3])
  math.randomseed(sent * 1000 + number)
end

function request()
  if not isOrdered then return requests[math.random(#requests)] end
  sent = sent + 1
  -- Past the end nothing valid is sent, so that the run fails.
  return requests[sent] or "none left\r\n\r\n"
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '{"requests":%d,"seconds":%.6f,"p50_ms":%.3f,"p99_ms":%.3f,"refused":%d,"broken":%d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
