-- What was kept is not true any more, nor is what somebody is just reading.
redis.call('HINCRBY', KEYS[1], 'version', 1)
redis.call('HDEL', KEYS[1], 'turns')
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return 1
