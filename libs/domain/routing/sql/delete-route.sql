DELETE FROM route WHERE model = $1
