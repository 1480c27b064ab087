INSERT INTO audit_event (actor, action, subject, detail) VALUES ($1, $2, $3, $4)
