-- Takes windows that moved since they were last written down.
-- KEYS[1]  base of the pool (see lease)
-- ARGV[1]  how many owners at most
-- Returns { owner, { name, `<end ms>:<used>`, … }, … }
local taken = {}
for _, owner in ipairs(redis.call('SPOP', KEYS[1] .. ':dirty', ARGV[1])) do
  taken[#taken + 1] = owner
  taken[#taken + 1] = redis.call('HGETALL', KEYS[1] .. ':windows:' .. owner)
end
return taken
