-- $1  until when they were taken
DELETE FROM studio_video_slot WHERE taken_at < $1
