-- Makes one change, if its condition is met; answers whether it was.
-- KEYS: 1 the row that the change names, 2 the row that is written, 3 the pointer of its former handle.
-- ARGV: 1 insert | replace | delete; 2 the version that must be there; 3 core, 4 user, 5 data of the new row;
--       6 for how many milliseconds; 7 its handle; 8 whether it has a former handle;
--       9 what users' keys start with; 10 the handle that the change names.
if ARGV[1] ~= 'insert' then
    local stored = redis.call('HMGET', KEYS[1], 'core', 'user')
    -- Bytes 8 to 15 of the core: the version, compared as bytes, since numbers of Lua are not exact.
    if not stored[1] or string.sub(stored[1], 9, 16) ~= ARGV[2] then
        return 0
    end
    if ARGV[1] == 'replace' and KEYS[1] ~= KEYS[2] and redis.call('EXISTS', KEYS[2]) == 1 then
        return 0
    end
    redis.call('DEL', KEYS[1])
    if stored[2] ~= '' then
        redis.call('ZREM', ARGV[9] .. stored[2], ARGV[10])
    end
    if ARGV[1] == 'delete' then
        return 1
    end
elseif redis.call('EXISTS', KEYS[2]) == 1 then
    return 0
end

local keep = tonumber(ARGV[6])
redis.call('HSET', KEYS[2], 'core', ARGV[3], 'user', ARGV[4], 'data', ARGV[5])
redis.call('PEXPIRE', KEYS[2], keep)
if ARGV[8] == '1' then
    redis.call('SET', KEYS[3], ARGV[7], 'PX', keep)
end
if ARGV[4] ~= '' then
    -- The user's handles, each with the moment at which its row expires; the index outlives them all.
    local index = ARGV[9] .. ARGV[4]
    local time = redis.call('TIME')
    local now = time[1] * 1000 + math.floor(time[2] / 1000)
    redis.call('ZREMRANGEBYSCORE', index, '-inf', now)
    redis.call('ZADD', index, now + keep, ARGV[7])
    if redis.call('PTTL', index) < keep then
        redis.call('PEXPIRE', index, keep)
    end
end
return 1
