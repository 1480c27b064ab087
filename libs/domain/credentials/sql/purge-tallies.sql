-- Of credentials that are gone.
DELETE FROM credential_tally AS tally
WHERE NOT EXISTS (SELECT FROM credential WHERE credential.id = tally.credential_id)
