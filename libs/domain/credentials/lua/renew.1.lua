-- Prolongs leases of one holder that are still there. One that ran out and was not taken yet counts as there; one that is
-- missing is put back while the pool is closed (what was here is lost), or where there is room for it.
-- KEYS[1]  base of the pool (see lease)
-- ARGV[1]  milliseconds that they shall last from now on
-- ARGV[2…] leases, five each: credential id, use, lease id, model whose uses are counted too or empty, limit (0: none)
-- Returns for each 1, or 0 when it is lost.
local base = KEYS[1]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local isClosed = redis.call('EXISTS', base .. ':epoch') == 0
local kept = {}
for position = 2, #ARGV, 5 do
  local leases = base .. ':leases:' .. ARGV[position] .. ':' .. ARGV[position + 1]
  local lease, model, limit = ARGV[position + 2], ARGV[position + 3], tonumber(ARGV[position + 4])
  local isKept = isClosed or limit == 0 or redis.call('ZSCORE', leases, lease)
  if not isKept then
    redis.call('ZREMRANGEBYSCORE', leases, '-inf', now)
    isKept = redis.call('ZCARD', leases) < limit
  end
  if isKept then
    redis.call('ZADD', leases, now + ARGV[1], lease)
    redis.call('PEXPIRE', leases, ARGV[1])
    if model ~= '' then
      redis.call('ZADD', leases .. ':' .. model, now + ARGV[1], lease)
      redis.call('PEXPIRE', leases .. ':' .. model, ARGV[1])
    end
  end
  kept[#kept + 1] = isKept and 1 or 0
end
return kept
