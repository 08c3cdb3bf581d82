/**
 * The counters as Lua, each one command of the server and hence atomic over all gateways. Time is the server's own, so the
 * clocks of the gateways do not matter. They do what `counters.ts` and `sliding-window.ts` do.
 */
import { redisScript } from './redis-link.ts';

const NOW = `
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
`;

/** take, add, peek, by, limit, length in milliseconds: { allowed, used, milliseconds to wait }. The key's own life is the window. */
export const FIXED = redisScript(`
local mode, by, limit, length = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local used = tonumber(redis.call('GET', KEYS[1]) or '0')
local allowed = mode == 'add' or (mode == 'take' and used + by <= limit) or (mode == 'peek' and used < limit)
if allowed and mode ~= 'peek' then
  used = redis.call('INCRBY', KEYS[1], by)
  if redis.call('PTTL', KEYS[1]) < 0 then redis.call('PEXPIRE', KEYS[1], length) end
end
local left = redis.call('PTTL', KEYS[1])
if left < 0 then left = length end
return { allowed and 1 or 0, used, left }
`);

/**
 * A hash: h and t are the first and last moment, u what they sum up to, and each moment \`at:count\` under its number; l is the
 * longest length that anybody asked for, where it is more than this one.
 */
export const SLIDING = redisScript(`${NOW}
local mode, by, limit, length = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local most = 1000
local key = KEYS[1]
local state = redis.call('HMGET', key, 'h', 't', 'u', 'l')
local head, tail, whole = tonumber(state[1] or '1'), tonumber(state[2] or '0'), tonumber(state[3] or '0')
local longest = math.max(length, tonumber(state[4] or '0'))
local function moment(number)
  local text = redis.call('HGET', key, number)
  local colon = string.find(text, ':', 1, true)
  return tonumber(string.sub(text, 1, colon - 1)), tonumber(string.sub(text, colon + 1))
end
while head <= tail do
  local at, count = moment(head)
  if at + longest > now then break end
  whole = whole - count
  redis.call('HDEL', key, head)
  head = head + 1
end
local used, first = whole, head
if length < longest then
  used, first = 0, tail + 1
  while first > head do
    local at, count = moment(first - 1)
    if at + length <= now then break end
    used = used + count
    first = first - 1
  end
end
local allowed = mode == 'add' or (mode == 'take' and used + by <= limit) or (mode == 'peek' and used < limit)
local wait = 0
if allowed and mode ~= 'peek' then
  local merged = false
  if head <= tail then
    local at, count = moment(tail)
    local grain = longest / most
    if at >= now or (tail - head + 1 >= most and math.floor(at / grain) == math.floor(now / grain)) then
      redis.call('HSET', key, tail, string.format('%.0f:%.0f', math.max(at, now), count + by))
      merged = true
    end
  end
  if not merged then
    tail = tail + 1
    redis.call('HSET', key, tail, string.format('%.0f:%.0f', now, by))
  end
  used = used + by
  whole = whole + by
elseif not allowed then
  local excess = used + (mode == 'peek' and 1 or by) - limit
  wait = length
  for number = first, tail do
    local at, count = moment(number)
    excess = excess - count
    if excess <= 0 then
      wait = at + length - now
      break
    end
  end
end
if head <= tail then
  redis.call('HSET', key, 'h', head, 't', tail, 'u', whole, 'l', longest)
  if allowed and mode ~= 'peek' then redis.call('PEXPIRE', key, longest) end
else
  redis.call('DEL', key)
end
return { allowed and 1 or 0, used, wait }
`);

/** A hash: u is used, e when the window ends. Wait is -1 for what never fits. */
export const CARRIED = redisScript(`${NOW}
local by, limit, length, wanted = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local state = redis.call('HMGET', KEYS[1], 'u', 'e')
local used, ends = tonumber(state[1] or '0'), tonumber(state[2] or '0')
if ends <= now then
  local passed = math.floor((now - ends) / length) + 1
  if ends > 0 and used > limit * passed then
    used = used - limit * passed
    ends = ends + passed * length
  else
    used = 0
    ends = now + length
  end
end
local allowed = wanted == nil or used + wanted <= limit
local wait = 0
if allowed then
  used = math.max(0, used + by)
elseif wanted > limit then
  wait = -1
else
  wait = (ends - now) + (math.max(1, math.ceil((used + wanted - limit) / limit)) - 1) * length
end
redis.call('HSET', KEYS[1], 'u', string.format('%.0f', used), 'e', string.format('%.0f', ends))
local owed = 1
if limit > 0 then owed = math.max(1, math.ceil(used / limit)) end
redis.call('PEXPIRE', KEYS[1], string.format('%.0f', (ends - now) + owed * length))
return { allowed and 1 or 0, used, wait }
`);
