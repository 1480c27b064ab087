-- Takes the longest waiting out of a queue: those who can use what has become free.
-- KEYS[1]  base of the pool (see lease)
-- ARGV[1]  queue
-- ARGV[2]  how many
-- ARGV[3]  credential that has become free
-- ARGV[4]  `*` when it serves any model, else its models, each between two line feeds
-- Returns the waiters.
local key = KEYS[1] .. ':waiting:' .. ARGV[1]
local woken = {}
for _, member in ipairs(redis.call('ZRANGE', key, 0, 199)) do
  if #woken == tonumber(ARGV[2]) then
    break
  end
  local waiter, pinned, model = string.match(member, '^(%S+) (%S+) (.*)$')
  local isServed = ARGV[4] == '*' or string.find(ARGV[4], '\n' .. model .. '\n', 1, true)
  if isServed and (pinned == '-' or pinned == ARGV[3]) then
    redis.call('ZREM', key, member)
    woken[#woken + 1] = waiter
  end
end
return woken
