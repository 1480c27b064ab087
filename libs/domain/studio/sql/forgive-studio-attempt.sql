-- $1  subject
-- $2  how many of its attempts are forgotten
UPDATE studio_attempt SET count = greatest(0, count - $2) WHERE subject = $1
