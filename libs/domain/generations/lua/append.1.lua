-- Appends parts to a generation's live log and tells everyone who watches.
-- KEYS[1]  stream of the generation; entry ids are `<sequence of the entry's first part>-0`
-- ARGV[1]  sequence of the first part
-- ARGV[2]  the parts, a JSON array
-- ARGV[3]  milliseconds that the stream is kept from now on
-- ARGV[4]  channel of the gateway that waits for it
-- ARGV[5]  channel of everyone else
-- ARGV[6]  id of the generation; what is published is `<id> <first sequence> <parts>`
-- ARGV[7]  '1' when these parts are the whole log: once delivered they need not be kept, since the row will hold them
-- ARGV[8]  token of the writer: a command that is sent again after a broken connection is not another writer
-- Returns 1, or 0 when another writer already wrote from this sequence on: the caller has been replaced.
local message = ARGV[6] .. ' ' .. ARGV[1] .. ' ' .. ARGV[2]
if ARGV[7] == '1' and redis.call('EXISTS', KEYS[1]) == 0 then
  local received = redis.call('PUBLISH', ARGV[4], message)
  if received > 0 then
    redis.call('PUBLISH', ARGV[5], message)
    return 1
  end
end
local added = redis.pcall('XADD', KEYS[1], ARGV[1] .. '-0', 'p', ARGV[2], 'w', ARGV[8])
if type(added) == 'table' and added.err then
  if string.find(added.err, 'equal or smaller', 1, true) then
    local existing = redis.call('XRANGE', KEYS[1], ARGV[1] .. '-0', ARGV[1] .. '-0')
    if existing[1] and existing[1][2][4] == ARGV[8] then
      return 1
    end
    return 0
  end
  return added
end
redis.call('PEXPIRE', KEYS[1], ARGV[3])
redis.call('PUBLISH', ARGV[4], message)
redis.call('PUBLISH', ARGV[5], message)
return 1
