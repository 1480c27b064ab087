-- Forgets the failures of a credential after a success, unless that success began before the last failure.
-- KEYS[1]  base of the pool (see lease)
-- ARGV[1]  credential id
-- ARGV[2]  epoch of the lease that succeeded, or -1 to forget in any case
-- ARGV[3]  empty, or the owner of rests of models, which are forgotten too
-- Returns 1 when there is nothing against it any more, or 0 when there still is.
if ARGV[3] ~= '' then
  redis.call('DEL', KEYS[1] .. ':rests:' .. ARGV[3])
end
local entry = redis.call('HGET', KEYS[1] .. ':cooling', ARGV[1])
if not entry then
  return 1
end
local epoch = tonumber(string.match(entry, ':(%d+)$'))
if tonumber(ARGV[2]) >= 0 and tonumber(ARGV[2]) <= epoch then
  return 0
end
redis.call('HDEL', KEYS[1] .. ':cooling', ARGV[1])
return 1
