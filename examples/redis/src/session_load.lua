-- Finds a session's row by its handle, or by the handle before the last rotation.
-- KEYS: 1 the row, 2 the pointer of a former handle. ARGV: 1 the handle, 2 what rows' keys start with.
local row = redis.call('HMGET', KEYS[1], 'core', 'user', 'data')
if not row[1] then
    local current = redis.call('GET', KEYS[2])
    if not current then
        return false
    end
    row = redis.call('HMGET', ARGV[2] .. current, 'core', 'user', 'data')
    -- Bytes 72 to 103 of the core: the former handle that the row itself knows.
    if not row[1] or string.sub(row[1], 73, 104) ~= ARGV[1] then
        return false
    end
end
return row
