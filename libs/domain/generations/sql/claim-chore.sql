-- Answers a row to the one who shall do the chore now. The time is the database's: clocks of machines differ.
-- $1  name
-- $2  milliseconds until it is due again
INSERT INTO chore AS existing (name, next_at)
VALUES ($1, now() + $2 * interval '1 millisecond')
ON CONFLICT (name) DO UPDATE SET next_at = excluded.next_at WHERE existing.next_at <= now()
RETURNING name
