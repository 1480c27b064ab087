-- Keeps what was read of the database, unless a turn was added or dropped since the version was read.
if (redis.call('HGET', KEYS[1], 'version') or '0') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'version', ARGV[1], 'turns', ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 1
