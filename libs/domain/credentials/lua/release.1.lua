-- Gives a lease back. Safe to repeat, and for a lease that ran out.
-- KEYS[1]  base of the pool (see lease)
-- ARGV[1]  credential id
-- ARGV[2]  use
-- ARGV[3]  lease id
-- ARGV[4]  empty, or the model whose simultaneous uses are counted too
-- ARGV[5]  queue of those who wait for such a lease
-- ARGV[6]  tokens that were used
-- ARGV[7…] windows that count tokens, three each: owner, name, milliseconds
-- Returns how many wait.
local base = KEYS[1]
local leases = base .. ':leases:' .. ARGV[1] .. ':' .. ARGV[2]
local wasThere = redis.call('ZREM', leases, ARGV[3])
if ARGV[4] ~= '' then
  redis.call('ZREM', leases .. ':' .. ARGV[4], ARGV[3])
end
if #ARGV > 6 and wasThere == 1 then
  local time = redis.call('TIME')
  local now = time[1] * 1000 + math.floor(time[2] / 1000)
  for position = 7, #ARGV, 3 do
    local key = base .. ':windows:' .. ARGV[position]
    local ends, used = string.match(redis.call('HGET', key, ARGV[position + 1]) or '0:0', '^(%d+):(%d+)$')
    if tonumber(ends) <= now then
      ends, used = now + ARGV[position + 2], 0
      if redis.call('PTTL', key) < tonumber(ARGV[position + 2]) then
        redis.call('HSET', key, ARGV[position + 1], string.format('%.0f:0', ends))
        redis.call('PEXPIRE', key, ARGV[position + 2])
      end
    end
    redis.call('HSET', key, ARGV[position + 1], string.format('%.0f:%.0f', ends, used + ARGV[6]))
    redis.call('SADD', base .. ':dirty', ARGV[position])
  end
end
return redis.call('ZCARD', base .. ':waiting:' .. ARGV[5])
