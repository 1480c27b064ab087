-- Gives a lease of the first candidate that has room, in one step for the whole cluster.
-- KEYS[1]  base of the pool; from it derive
--            <base>:epoch                 the last epoch given, a number
--            <base>:cooling               hash: credential -> `<until ms>:<failures in a row>:<epoch of the last failure>`
--            <base>:leases:<id>:<use>     sorted set: lease -> when it ends, by the time of this server
-- ARGV[1]  use
-- ARGV[2]  milliseconds that a lease lasts
-- ARGV[3]  id of the new lease
-- ARGV[4…] candidates in order of preference: credential id, simultaneous uses allowed (0: any number)
-- Returns { place of the one taken or 0, its epoch, 1 when it is on trial, and for each candidate that was passed over:
-- milliseconds until its next lease ends, or the negative of the milliseconds until its rest is over }
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local passed = { 0, 0, 0 }

local function rest(id)
  local entry = redis.call('HGET', KEYS[1] .. ':cooling', id)
  if not entry then
    return nil
  end
  return tonumber(string.match(entry, '^(%d+):'))
end

-- A restarted counter begins at the time in microseconds, so that it never falls behind what it gave before it was lost.
local function nextEpoch()
  local epoch = redis.call('INCR', KEYS[1] .. ':epoch')
  if epoch < 1e15 then
    epoch = time[1] * 1000000 + time[2]
    redis.call('SET', KEYS[1] .. ':epoch', string.format('%.0f', epoch))
  end
  return epoch
end

for position = 4, #ARGV, 2 do
  local id = ARGV[position]
  local limit = tonumber(ARGV[position + 1])
  local untilMs = rest(id)
  if untilMs and untilMs > now then
    passed[#passed + 1] = now - untilMs
  else
    local leases = KEYS[1] .. ':leases:' .. id .. ':' .. ARGV[1]
    -- After a rest one caller tries it; the others follow when that went well. Zero: failures were counted, none had a rest.
    if untilMs and untilMs > 0 then
      limit = 1
    end
    redis.call('ZREMRANGEBYSCORE', leases, '-inf', now)
    if limit == 0 or redis.call('ZCARD', leases) < limit then
      redis.call('ZADD', leases, now + ARGV[2], ARGV[3])
      redis.call('PEXPIRE', leases, ARGV[2])
      passed[1] = (position - 2) / 2
      passed[2] = nextEpoch()
      passed[3] = untilMs and 1 or 0
      return passed
    end
    local first = redis.call('ZRANGE', leases, 0, 0, 'WITHSCORES')
    passed[#passed + 1] = math.max(1, first[2] - now)
  end
end
return passed
