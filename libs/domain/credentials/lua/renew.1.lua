-- Prolongs a lease that is still there. One that ran out and was not taken yet counts as there.
-- KEYS[1]  base of the pool
-- ARGV[1]  credential id
-- ARGV[2]  use
-- ARGV[3]  lease id
-- ARGV[4]  milliseconds that it shall last from now on
-- Returns 1, or 0 when it is lost.
local leases = KEYS[1] .. ':leases:' .. ARGV[1] .. ':' .. ARGV[2]
if not redis.call('ZSCORE', leases, ARGV[3]) then
  return 0
end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZADD', leases, now + ARGV[4], ARGV[3])
redis.call('PEXPIRE', leases, ARGV[4])
return 1
