-- $1 id, $2 holder, $3 status that it must still have, $4 until when
UPDATE batch SET held_until = $4 WHERE id = $1 AND holder = $2 AND status = $3
