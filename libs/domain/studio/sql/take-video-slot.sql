-- Lets a video in unless the user has too many. To be run under the user's lock, in a statement of its own: only then
-- does it see what the one before it has taken.
-- $1  generation
-- $2  user
-- $3  now
-- $4  since when a slot can still be in use
-- $5  when the day began
-- $6  how many at a time
-- $7  how many a day
WITH slots AS (
  SELECT slot.taken_at >= $5 AS is_today, generation.id IS NOT NULL AS is_in_use
  FROM studio_video_slot slot
  LEFT JOIN durable_generation generation ON generation.id = slot.generation_id AND generation.finished_at IS NULL
  WHERE slot.user_id = $2 AND slot.taken_at >= $4
), counts AS (
  SELECT
    (count(*) FILTER (WHERE is_in_use))::int AS in_use,
    (count(*) FILTER (WHERE is_today))::int AS today
  FROM slots
), taken AS (
  INSERT INTO studio_video_slot (generation_id, user_id, taken_at)
  SELECT $1, $2, $3 FROM counts WHERE in_use < $6 AND today < $7
  RETURNING generation_id
)
SELECT today, EXISTS (SELECT FROM taken) AS is_taken FROM counts
