-- Counts a failure against a credential and lets it rest.
-- Of leases that were out together, only the first failure counts; the others can only make the rest longer.
-- KEYS[1]  base of the pool (see lease)
-- ARGV[1]  credential id
-- ARGV[2]  epoch of the lease that failed
-- ARGV[3]  milliseconds that the upstream told, or -1
-- ARGV[4]  milliseconds of the first rest, doubled with each failure in a row
-- ARGV[5]  milliseconds of the longest rest
-- ARGV[6]  failures in a row from which on it rests
-- Returns { milliseconds until the rest is over (0: it does not rest), failures in a row, epoch of the last failure }
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local cooling = KEYS[1] .. ':cooling'
local entry = redis.call('HGET', cooling, ARGV[1]) or '0:0:0'
local untilText, failuresText, epochText = string.match(entry, '^(%d+):(%d+):(%d+)$')
local untilMs, failures, epoch = tonumber(untilText), tonumber(failuresText), tonumber(epochText)
local told = tonumber(ARGV[3])
local longest = tonumber(ARGV[5])
local isNew = tonumber(ARGV[2]) > epoch

if isNew then
  failures = failures + 1
  epoch = tonumber(redis.call('GET', KEYS[1] .. ':epoch') or ARGV[2])
end
if failures >= tonumber(ARGV[6]) then
  local pause = 0
  if told >= 0 then
    pause = math.min(told, longest)
  elseif isNew then
    pause = math.min(ARGV[4] * 2 ^ math.min(failures - ARGV[6], 30), longest)
  end
  untilMs = math.max(untilMs, now + pause)
end
redis.call('HSET', cooling, ARGV[1], string.format('%.0f:%.0f:%.0f', untilMs, failures, epoch))
return { math.max(0, untilMs - now), failures, tonumber(epoch) }
