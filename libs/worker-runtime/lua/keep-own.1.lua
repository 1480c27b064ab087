-- Keeps what still holds our word for so long, or ends it. 1: it was ours.
-- KEYS[1] what is held
-- ARGV[1] our word
-- ARGV[2] milliseconds; 0: it ends now
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
if ARGV[2] == '0' then redis.call('DEL', KEYS[1]) else redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return 1
