-- Sends the requests of a file in their order, none twice, and ends with a line of JSON. The file is as for pick.lua; one
-- thread of wrk reads it.
--
--   wrk -t 1 ... -s once.lua URL -- FILE START

local requests = {}
local sent = 0

function init(words)
  local file = assert(io.open(words[1], "rb"))
  while true do
    local length = file:read("*n")
    if not length then break end
    file:read(1)
    requests[#requests + 1] = file:read(length)
  end
  file:close()
  sent = tonumber(words[2])
end

function request()
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
