-- Gives a lease back. Safe to repeat, and for a lease that ran out.
-- KEYS[1]  base of the pool
-- ARGV[1]  credential id
-- ARGV[2]  use
-- ARGV[3]  lease id
-- Returns 1, or 0 when it was not there.
return redis.call('ZREM', KEYS[1] .. ':leases:' .. ARGV[1] .. ':' .. ARGV[2], ARGV[3])
