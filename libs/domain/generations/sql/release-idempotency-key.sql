-- The call failed in a way that may be tried again: the key is free.
-- $1, $2  scope and key
-- $3      who has it: another's claim stays
DELETE FROM idempotency_key WHERE scope = $1 AND key = $2 AND holder = $3 AND answer IS NULL
