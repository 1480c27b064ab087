-- $1  how many days ahead of today
-- $2  what counts as now
SELECT "partitions"."create_generation_partitions"($1, $2) AS created
