-- Takes windows that moved since they were last written down, and forgets those that are over.
-- KEYS[1]  base of the pool (see lease)
-- ARGV[1]  how many owners at most
-- Returns { owner, { name, `<end ms>:<used>`, … }, … }
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local taken = {}
for _, owner in ipairs(redis.call('SPOP', KEYS[1] .. ':dirty', ARGV[1])) do
  local key = KEYS[1] .. ':windows:' .. owner
  local entries = redis.call('HGETALL', key)
  local live = {}
  for place = 1, #entries, 2 do
    if tonumber(string.match(entries[place + 1], '^(%d+):')) > now then
      live[#live + 1] = entries[place]
      live[#live + 1] = entries[place + 1]
    else
      redis.call('HDEL', key, entries[place])
    end
  end
  taken[#taken + 1] = owner
  taken[#taken + 1] = live
end
return taken
