-- All rows of a user. KEYS: 1 the user's index. ARGV: 1 what rows' keys start with.
local rows = {}
for _, handle in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
    local row = redis.call('HMGET', ARGV[1] .. handle, 'core', 'user', 'data')
    if row[1] then
        rows[#rows + 1] = row
    end
end
return rows
