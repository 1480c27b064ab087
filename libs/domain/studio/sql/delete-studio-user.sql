-- $1  id
WITH slots AS (
  DELETE FROM studio_video_slot WHERE user_id = $1
)
DELETE FROM studio_user WHERE id = $1 AND closed_at IS NOT NULL
