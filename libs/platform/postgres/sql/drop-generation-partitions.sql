-- $1  rows made before this are past their retention
SELECT "partitions"."drop_generation_partitions"($1) AS name
