-- $1  id
-- $2  username, or null
-- $3  how many videos at a time, or null
-- $4  how many videos a day, or null
-- $5  whether it is disabled
-- $6  now
UPDATE studio_user
SET
  username = $2,
  simultaneous_videos = $3,
  daily_videos = $4,
  disabled_at = CASE WHEN $5 THEN coalesce(disabled_at, $6) END,
  updated_at = $6
WHERE id = $1 AND closed_at IS NULL
