-- $1 older ones go
DELETE FROM credential_event WHERE at < $1
