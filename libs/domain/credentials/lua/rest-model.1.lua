-- Counts a refusal that is of one model only, and lets that model rest for all who share the quota.
-- Of leases that were out together, only the first refusal makes a guess longer; what is told can only make the rest longer.
-- KEYS[1]  base of the pool (see lease)
-- ARGV[1]  owner: credential or quota group
-- ARGV[2]  model
-- ARGV[3]  epoch of the lease that was refused
-- ARGV[4]  milliseconds that the upstream told, or -1
-- ARGV[5]  milliseconds of the first guess, doubled where the next refusal comes as soon after a rest as that was long
-- ARGV[6]  milliseconds of the longest rest
-- Returns the milliseconds until the rest is over (0: it does not rest).
local key = KEYS[1] .. ':rests:' .. ARGV[1]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local told, longest = tonumber(ARGV[4]), tonumber(ARGV[6])
local untilMs, guess, epoch = 0, 0, 0
local entries = redis.call('HGETALL', key)
for place = 1, #entries, 2 do
  local ends, guessed, taught = string.match(entries[place + 1], '^(%d+):(%d+):(%d+)$')
  if ends + guessed < now then
    redis.call('HDEL', key, entries[place])
  elseif entries[place] == ARGV[2] then
    untilMs, guess, epoch = tonumber(ends), tonumber(guessed), tonumber(taught)
  end
end
if told >= 0 then
  untilMs = math.max(untilMs, now + math.min(told, longest))
elseif tonumber(ARGV[3]) > epoch then
  guess = math.min(guess > 0 and guess * 2 or tonumber(ARGV[5]), longest)
  untilMs = math.max(untilMs, now + guess)
end
if untilMs <= now then
  return 0
end
epoch = redis.call('GET', KEYS[1] .. ':epoch') or ARGV[3]
redis.call('HSET', key, ARGV[2], string.format('%.0f:%.0f:%s', untilMs, guess, epoch))
local keptMs = untilMs + guess - now
if redis.call('PTTL', key) < keptMs then
  redis.call('PEXPIRE', key, string.format('%.0f', keptMs))
end
return untilMs - now
