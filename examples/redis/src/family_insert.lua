-- Adds a family, if its name is free; answers whether it was.
-- KEYS: 1 the row, 2 the user's index. ARGV: 1 the family, 2 state, 3 grant, 4 user, 5 for how many milliseconds.
if redis.call('EXISTS', KEYS[1]) == 1 then
    return 0
end
local keep = tonumber(ARGV[5])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('HSET', KEYS[1], 'state', ARGV[2], 'grant', ARGV[3], 'user', ARGV[4])
redis.call('PEXPIRE', KEYS[1], keep)
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now)
redis.call('ZADD', KEYS[2], now + keep, ARGV[1])
if redis.call('PTTL', KEYS[2]) < keep then
    redis.call('PEXPIRE', KEYS[2], keep)
end
return 1
