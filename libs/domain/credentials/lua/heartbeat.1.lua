-- Says that a worker lives, and asks how the pool stands.
-- KEYS[1]  base of the pool (see lease); from it derive too
--            <base>:workers    sorted set: worker -> until when it counts as alive
--            <base>:era        when the pool was opened
--            <base>:kept       there while it is closed though nothing but the last second can have been lost
--            <base>:closed     since when it is closed; <base>:answered: set of the workers that put their leases back since
-- ARGV[1]  worker
-- ARGV[2]  milliseconds for which it counts as alive
-- ARGV[3]  run id of this server, or empty when unknown: another one than that which opened the pool has restarted
-- Returns { era or empty when closed, '1' when closed and kept, workers… }
local base = KEYS[1]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', base .. ':workers', '-inf', now)
redis.call('ZADD', base .. ':workers', now + ARGV[2], ARGV[1])
if ARGV[3] ~= '' and (redis.call('GET', base .. ':server') or ARGV[3]) ~= ARGV[3] then
  -- It came back with what it had written down, which may lack the last second.
  redis.call('DEL', base .. ':epoch', base .. ':era', base .. ':server')
  redis.call('SET', base .. ':kept', '1', 'PX', 60000)
end
local era = redis.call('EXISTS', base .. ':epoch') == 1 and redis.call('GET', base .. ':era') or ''
if era == '' and redis.call('SET', base .. ':closed', string.format('%.0f', now), 'NX', 'PX', 60000) then
  redis.call('DEL', base .. ':answered', base .. ':epoch')
end
local reply = redis.call('ZRANGE', base .. ':workers', 0, -1)
table.insert(reply, 1, redis.call('GET', base .. ':kept') or '')
table.insert(reply, 1, era)
return reply
