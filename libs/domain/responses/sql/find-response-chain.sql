-- $1 id, $2 owner, $3 how many at most: the one named and those before it, the oldest first
WITH RECURSIVE chain AS (
  SELECT id, previous_response_id, 1 AS place
  FROM response
  WHERE id = $1 AND owner_key_id = $2
  UNION ALL
  SELECT earlier.id, earlier.previous_response_id, chain.place + 1
  FROM chain JOIN response AS earlier ON earlier.id = chain.previous_response_id AND earlier.owner_key_id = $2
  WHERE chain.place < $3
)
SELECT response.id, response.previous_response_id, response.input, response.output
FROM chain JOIN response ON response.id = chain.id
ORDER BY chain.place DESC
