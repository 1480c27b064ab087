-- Gives a lease back. Safe to repeat, and for a lease that ran out.
-- KEYS[1]  base of the pool (see lease)
-- ARGV[1]  credential id
-- ARGV[2]  use
-- ARGV[3]  lease id
-- ARGV[4]  empty, or the model whose simultaneous uses are counted too
-- ARGV[5]  queue of those who wait for such a lease
-- ARGV[6]  `*` when the credential serves any model, or its models, each between two line feeds: who has waited longest for
--          one of them is taken out of the queue; empty: nobody is
-- ARGV[7]  owner of its rests: credential or quota group; for a model that rests nobody is taken out
-- ARGV[8]  model that it served: who waits for that is next where the first of the queue wait for what this one cannot give
-- ARGV[9]  kind of the credential
-- ARGV[10] tokens that were used, where windows count them
-- ARGV[11…] windows that count tokens, three each: owner, name, milliseconds
-- Returns how many wait; or { how many waited, the one who is next }.
local base = KEYS[1]
local leases = base .. ':leases:' .. ARGV[1] .. ':' .. ARGV[2]

local function clock()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

local wasThere = redis.call('ZREM', leases, ARGV[3])
if ARGV[4] ~= '' then
  redis.call('ZREM', leases .. ':' .. ARGV[4], ARGV[3])
end
if #ARGV > 10 and wasThere == 1 then
  local now = clock()
  for position = 11, #ARGV, 3 do
    local key = base .. ':windows:' .. ARGV[position]
    local ends, used = string.match(redis.call('HGET', key, ARGV[position + 1]) or '0:0', '^(%d+):(%d+)$')
    if tonumber(ends) <= now then
      ends, used = now + ARGV[position + 2], 0
      if redis.call('PTTL', key) < tonumber(ARGV[position + 2]) then
        redis.call('HSET', key, ARGV[position + 1], string.format('%.0f:0', ends))
        redis.call('PEXPIRE', key, ARGV[position + 2])
      end
    end
    redis.call('HSET', key, ARGV[position + 1], string.format('%.0f:%.0f', ends, used + ARGV[10]))
    redis.call('SADD', base .. ':dirty', ARGV[position])
  end
end

local queue = base .. ':waiting:' .. ARGV[5]
local waiting = redis.call('ZCARD', queue)
if waiting == 0 or ARGV[6] == '' then
  return waiting
end

local function rests(model)
  local entry = redis.call('HGET', base .. ':rests:' .. ARGV[7], model)
  return entry and tonumber(string.match(entry, '^(%d+):')) > clock()
end

-- The longest waiting of these who can be served.
local function nextOf(key)
  for _, member in ipairs(redis.call('ZRANGE', key, 0, 19)) do
    local waiter, wanted, model = string.match(member, '^(%S+) (%S+) (.*)$')
    local isOfIt = wanted == '-' or wanted == ARGV[1] or wanted == '=' .. ARGV[9]
    local isServed = ARGV[6] == '*' or string.find(ARGV[6], '\n' .. model .. '\n', 1, true)
    if isServed and isOfIt and not rests(model) then
      return waiter, member, model
    end
  end
end

local waiter, member, model = nextOf(queue)
if not waiter then
  waiter, member, model = nextOf(queue .. ':' .. ARGV[8])
end
if not waiter then
  return waiting
end
redis.call('ZREM', queue, member)
redis.call('ZREM', queue .. ':' .. model, member)
return { waiting, waiter }
