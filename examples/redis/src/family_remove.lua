-- Removes families, one or all of a user's; answers how many there were.
-- KEYS: 1 the row, or the user's index. ARGV: 1 the family, or nothing for all in the index;
--       2 what rows' keys start with, 3 what users' keys start with.
if ARGV[1] ~= '' then
    local user = redis.call('HGET', KEYS[1], 'user')
    if not user then
        return 0
    end
    redis.call('ZREM', ARGV[3] .. user, ARGV[1])
    return redis.call('DEL', KEYS[1])
end
local removed = 0
for _, family in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
    removed = removed + redis.call('DEL', ARGV[2] .. family)
end
redis.call('DEL', KEYS[1])
return removed
