-- Whose an operation is.
-- $1  upstream
-- $2  base URL
-- $3  key of the operation
SELECT id FROM durable_generation WHERE upstream = $1 AND base_url = $2 AND operation_key = $3
