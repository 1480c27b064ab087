-- Until the end of the transaction no other one takes a slot for this user.
-- $1  id
SELECT id FROM studio_user WHERE id = $1 AND closed_at IS NULL FOR UPDATE
