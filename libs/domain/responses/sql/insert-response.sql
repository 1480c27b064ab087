-- $1 id, $2 owner, $3 created at, $4 previous response or null, $5 frame, $6 input items
INSERT INTO response (id, owner_key_id, created_at, previous_response_id, status, frame, input)
VALUES ($1, $2, $3, $4, 'in_progress', $5, $6)
