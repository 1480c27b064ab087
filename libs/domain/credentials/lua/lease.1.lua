-- Gives a lease of the first candidate that has room, in one step for the whole cluster.
-- KEYS[1]  base of the pool; from it derive
--            <base>:epoch                       the last epoch given, a number; missing: the pool is closed, see `open`
--            <base>:cooling                     hash: credential -> `<until ms>:<failures in a row>:<epoch of the last failure>`
--            <base>:rests:<owner>               hash: model -> `<until ms>:<last guessed pause>:<epoch of the last failure>`; whose as with windows
--            <base>:leases:<id>:<use>[:<model>] sorted set: lease -> when it ends, by the time of this server
--            <base>:windows:<owner>             hash: window -> `<end ms>:<used in it>`; the owner is a credential or a quota group
--            <base>:dirty                       set: owners whose windows moved since they were last written down
--            <base>:waiting:<queue>             sorted set: `<waiter> <pinned credential, =kind, or -> <model>` -> waiting since
--            <base>:waiting:<queue>:<model>     the same for those who wait for that model
--            <base>:sticky:<key>                string: the credential that a session stays with
-- ARGV[1]  use
-- ARGV[2]  milliseconds that a lease lasts
-- ARGV[3]  id of the new lease
-- ARGV[4]  empty, or `<milliseconds> <+ or !> <key>`: `+` stays with the credential that the session has, `!` gives it another
-- ARGV[5]  empty, or `<since> <+ or -> <queue> <member>`: take the waiter out when it is served; `+`: else put it in
-- ARGV[6]  model that must not rest, or empty
-- ARGV[7…] candidates in order of preference: credential id, simultaneous uses allowed (0: any number), owner of its rests or empty
--          (itself), count of rules;
--          each rule is five: `c` (simultaneous, per model), `r` (requests, `r4`: this use counts as four) or `t` (tokens); owner; name; count; milliseconds
-- Returns { place of the one taken or 0, its epoch or the place in the queue, 1 when it is on trial, leases of it or -1, what its windows leave or -1 }
-- and, for each candidate that was passed over, two: 1 no slot, 2 resting, 3 a rule of it is used up,
-- 4 the model rests; milliseconds at most.
-- { -1 }: the pool is closed. { -2, credential }: the session is with another credential, which was not among the candidates.
local base = KEYS[1]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local reply = { 0, 0, 0, -1, -1 }

local stickyMs, stickySign, stickyKey, bound
if ARGV[4] ~= '' then
  stickyMs, stickySign, stickyKey = string.match(ARGV[4], '^(%d+) ([+!]) (.+)$')
  stickyKey = base .. ':sticky:' .. stickyKey
  bound = stickySign == '+' and redis.call('GET', stickyKey)
end

-- Milliseconds until there is room in a set of leases, or nil where there is.
local function fullFor(leases, limit)
  -- Where nobody counts, those of holders that are gone are cleared away now and then.
  if limit > 0 or time[2] % 64 == 0 then
    redis.call('ZREMRANGEBYSCORE', leases, '-inf', now)
  end
  if limit == 0 then
    return nil, -1
  end
  local count = redis.call('ZCARD', leases)
  if count < limit then
    return nil, count + 1
  end
  return redis.call('ZRANGE', leases, 0, 0, 'WITHSCORES')[2] - now
end

-- Until when a credential rests or rested, or nil; and where it or the model rests now: what is told of that, milliseconds.
local function restsFor(id, owner)
  local cooling, rests = base .. ':cooling', base .. ':rests:' .. owner
  -- Nearly always there is neither.
  if redis.call('EXISTS', cooling, rests) == 0 then
    return nil
  end
  local entry = redis.call('HGET', cooling, id)
  local untilMs = entry and tonumber(string.match(entry, '^(%d+):'))
  if untilMs and untilMs > now then
    return untilMs, 2, untilMs - now
  end
  local modelEntry = ARGV[6] ~= '' and redis.call('HGET', rests, ARGV[6])
  local modelMs = modelEntry and tonumber(string.match(modelEntry, '^(%d+):'))
  return untilMs, 4, modelMs and modelMs > now and modelMs - now or nil
end

local function window(rule)
  local entry = redis.call('HGET', base .. ':windows:' .. ARGV[rule + 1], ARGV[rule + 2])
  if not entry then
    return nil, 0
  end
  local ends, used = string.match(entry, '^(%d+):(%d+)$')
  if tonumber(ends) <= now then
    return nil, 0
  end
  return tonumber(ends), tonumber(used)
end

-- What this use takes of a count of requests; 0 of one of tokens.
local function costOf(rule)
  if string.sub(ARGV[rule], 1, 1) ~= 'r' then
    return 0
  end
  return tonumber(string.sub(ARGV[rule], 2)) or 1
end

-- Milliseconds until no rule stands against it, or nil where none does; and what the tightest window leaves.
local function ruledOut(id, first, count)
  local left = -1
  for rule = first, first + (count - 1) * 5, 5 do
    if ARGV[rule] == 'c' then
      local full = fullFor(base .. ':leases:' .. id .. ':' .. ARGV[1] .. ':' .. ARGV[rule + 2], tonumber(ARGV[rule + 3]))
      if full then
        return full
      end
    else
      local ends, used = window(rule)
      local rest, cost = ARGV[rule + 3] - used, costOf(rule)
      if rest < math.max(1, cost) then
        return (ends or now + ARGV[rule + 4]) - now
      end
      if cost > 0 and (left < 0 or rest - cost < left) then
        left = rest - cost
      end
    end
  end
  return nil, left
end

local function addLease(leases)
  redis.call('ZADD', leases, now + ARGV[2], ARGV[3])
  redis.call('PEXPIRE', leases, ARGV[2])
end

local function countUse(id, first, count)
  for rule = first, first + (count - 1) * 5, 5 do
    if ARGV[rule] == 'c' then
      addLease(base .. ':leases:' .. id .. ':' .. ARGV[1] .. ':' .. ARGV[rule + 2])
    else
      local key = base .. ':windows:' .. ARGV[rule + 1]
      local ends, used = window(rule)
      redis.call('HSET', key, ARGV[rule + 2], string.format('%.0f:%.0f', ends or now + ARGV[rule + 4], used + costOf(rule)))
      if not ends and redis.call('PTTL', key) < tonumber(ARGV[rule + 4]) then
        redis.call('PEXPIRE', key, ARGV[rule + 4])
      end
      redis.call('SADD', base .. ':dirty', ARGV[rule + 1])
    end
  end
end

local function stay(id, passedOver)
  if bound == id then
    redis.call('PEXPIRE', stickyKey, stickyMs)
  -- Where the one it has is only busy, the session comes back to it.
  elseif passedOver ~= 1 then
    redis.call('SET', stickyKey, id, 'PX', stickyMs)
  end
end

local function leaveQueue(isServed)
  local since, sign, queue, member = string.match(ARGV[5], '^(%d+) ([+-]) (%S+) (.*)$')
  local key = base .. ':waiting:' .. queue
  for _, each in ipairs({ key, key .. ':' .. string.match(member, '^%S+ %S+ (.*)$') }) do
    if isServed then
      redis.call('ZREM', each, member)
    elseif sign == '+' then
      redis.call('ZREMRANGEBYSCORE', each, '-inf', now - 3600000)
      redis.call('ZADD', each, since, member)
      redis.call('PEXPIRE', each, 3600000)
    end
  end
  if not isServed and sign == '+' then
    reply[2] = redis.call('ZRANK', key, member)
  end
end

if bound then
  local isAsked = false
  for position = 7, #ARGV do
    if ARGV[position] == bound then
      isAsked = true
      break
    end
  end
  if not isAsked then
    return { -2, bound }
  end
end

local position, place, boundPassedOver = 7, 0, 0
while position <= #ARGV do
  local id, limit, owner, rules = ARGV[position], tonumber(ARGV[position + 1]), ARGV[position + 2], tonumber(ARGV[position + 3])
  local first = position + 4
  position = first + rules * 5
  place = place + 1
  local untilMs, kind, ms = restsFor(id, owner == '' and id or owner)
  local busy, left
  if not ms then
    -- After a rest one caller tries it; the others follow when that went well. Zero: failures were counted, none had a rest.
    if untilMs and untilMs > 0 then
      limit = 1
    end
    local leases = base .. ':leases:' .. id .. ':' .. ARGV[1]
    ms, busy = fullFor(leases, limit)
    kind = 1
    if not ms and rules > 0 then
      ms, left = ruledOut(id, first, rules)
      kind = 3
    end
    if not ms then
      local epoch = redis.call('INCR', base .. ':epoch')
      -- It begins at the time in microseconds: a small one means that what was here is lost.
      if epoch < 1e15 then
        redis.call('DEL', base .. ':epoch')
        return { -1 }
      end
      addLease(leases)
      if rules > 0 then
        countUse(id, first, rules)
      end
      if stickyKey then
        stay(id, boundPassedOver)
      end
      if ARGV[5] ~= '' then
        leaveQueue(true)
      end
      reply[1], reply[2], reply[3], reply[4], reply[5] = place, epoch, untilMs and 1 or 0, busy, left or -1
      return reply
    end
  end
  if id == bound then
    boundPassedOver = kind
  end
  reply[#reply + 1] = kind
  reply[#reply + 1] = math.max(1, math.ceil(ms))
end
if ARGV[5] ~= '' then
  leaveQueue(false)
end
return reply
