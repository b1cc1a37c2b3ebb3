-- Replaces the state of a family whose counter is still what it was; answers whether it was.
-- KEYS: 1 the row. ARGV: 1 the counter, 2 the state.
local state = redis.call('HGET', KEYS[1], 'state')
-- The first 8 bytes of a state are its counter, compared as bytes, since numbers of Lua are not exact.
if not state or string.sub(state, 1, 8) ~= ARGV[1] then
    return 0
end
-- The row expires at the family's absolute end, which no rotation moves.
redis.call('HSET', KEYS[1], 'state', ARGV[2])
return 1
