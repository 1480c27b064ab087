-- Opens the pool again when everybody has put back the leases it holds, or after the time for that is over.
-- KEYS[1]  base of the pool (see heartbeat)
-- ARGV[1]  worker that has put its own back
-- ARGV[2]  milliseconds after which nobody is waited for
-- ARGV[3]  run id of this server
-- ARGV[4…] workers to wait for
-- Returns the era, or empty while it stays closed.
local base = KEYS[1]
if redis.call('EXISTS', base .. ':epoch') == 1 then
  return redis.call('GET', base .. ':era') or ''
end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local closed = tonumber(redis.call('GET', base .. ':closed') or now)
redis.call('SADD', base .. ':answered', ARGV[1])
redis.call('PEXPIRE', base .. ':answered', 60000)
if now - closed < tonumber(ARGV[2]) then
  for position = 4, #ARGV do
    if redis.call('SISMEMBER', base .. ':answered', ARGV[position]) == 0 then
      return ''
    end
  end
end
-- Epochs begin at the time in microseconds, so that they never fall behind what was given before the loss.
local epoch = string.format('%.0f', time[1] * 1000000 + time[2])
redis.call('SET', base .. ':epoch', epoch)
redis.call('SET', base .. ':era', epoch)
redis.call('SET', base .. ':server', ARGV[3])
redis.call('DEL', base .. ':closed', base .. ':answered', base .. ':kept')
return epoch
