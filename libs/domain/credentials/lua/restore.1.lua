-- Puts back what the database remembers, where there is nothing newer.
-- KEYS[1]  base of the pool (see lease)
-- ARGV     five each: `w` (a window), `c` (a rest) or `m` (a rest of a model); owner or credential; name of the window, model or empty;
--          end in ms; used or epoch
-- Returns how many were put back.
local base = KEYS[1]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local count = 0
for position = 1, #ARGV, 5 do
  local owner, name, ends, number = ARGV[position + 1], ARGV[position + 2], tonumber(ARGV[position + 3]), ARGV[position + 4]
  if ends > now then
    if ARGV[position] == 'c' then
      count = count + redis.call('HSETNX', base .. ':cooling', owner, string.format('%.0f:1:%s', ends, number))
    else
      local isModel = ARGV[position] == 'm'
      local key = base .. (isModel and ':rests:' or ':windows:') .. owner
      count = count + redis.call('HSETNX', key, name, string.format(isModel and '%.0f:0:%s' or '%.0f:%s', ends, number))
      if redis.call('PTTL', key) < ends - now then
        redis.call('PEXPIRE', key, string.format('%.0f', ends - now))
      end
    end
  end
end
return count
