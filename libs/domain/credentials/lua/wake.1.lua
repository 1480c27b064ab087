-- Takes the longest waiting out of a queue: those who can use what has become free.
-- KEYS[1]  base of the pool (see lease)
-- ARGV[1]  queue
-- ARGV[2]  how many
-- ARGV[3]  credential that has become free
-- ARGV[4]  `*` when it serves any model, else its models, each between two line feeds
-- ARGV[5]  owner of its rests: credential or quota group; for a model that rests nobody is taken out
-- ARGV[6]  kind of that credential
-- Returns the waiters.
local key = KEYS[1] .. ':waiting:' .. ARGV[1]
local woken = {}
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local function rests(model)
  local entry = redis.call('HGET', KEYS[1] .. ':rests:' .. ARGV[5], model)
  return entry and tonumber(string.match(entry, '^(%d+):')) > now
end

local function take(from)
  for _, member in ipairs(redis.call('ZRANGE', from, 0, 199)) do
    if #woken == tonumber(ARGV[2]) then
      return
    end
    local waiter, wanted, model = string.match(member, '^(%S+) (%S+) (.*)$')
    local isOfIt = wanted == '-' or wanted == ARGV[3] or wanted == '=' .. ARGV[6]
    local isServed = ARGV[4] == '*' or string.find(ARGV[4], '\n' .. model .. '\n', 1, true)
    if isServed and isOfIt and not rests(model) then
      redis.call('ZREM', key, member)
      redis.call('ZREM', key .. ':' .. model, member)
      woken[#woken + 1] = waiter
    end
  end
end

take(key)
-- Before them stand many who wait for something else.
if ARGV[4] ~= '*' then
  for model in string.gmatch(ARGV[4], '[^\n]+') do
    if #woken < tonumber(ARGV[2]) then
      take(key .. ':' .. model)
    end
  end
end
return woken
