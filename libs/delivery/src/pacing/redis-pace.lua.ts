/**
 * `reserveSlots`, inside Redis. KEYS: the lane, then each pair once. ARGV: now (ms; empty: Redis' own clock), interval, burst,
 * reach, far, share, priority, capacity, refill, margin, then for each message the index of its pair in KEYS, 0 for none.
 * Gives for each message `s<ms>` (slot), `p<ms>` (its pair's turn) or an empty text, and last when to ask again.
 */
export const RESERVE_SLOTS_LUA = `
local now = tonumber(ARGV[1])
if now == nil then
  local time = redis.call('TIME')
  now = time[1] * 1000 + time[2] / 1000
end
local interval, burst, reach, far = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local shareInterval, priority = interval / tonumber(ARGV[6]), ARGV[7]
local capacity, refill, margin = tonumber(ARGV[8]), tonumber(ARGV[9]), tonumber(ARGV[10])
local known = redis.call('HMGET', KEYS[1], 'next', priority)
local nextAt, shareAt = tonumber(known[1]) or 0, tonumber(known[2]) or 0
local buckets, answers = {}, {}

local function take(index)
  local bucket = buckets[index]
  if bucket == nil then
    local stored = redis.call('HMGET', KEYS[index], 'tokens', 'at')
    bucket = stored[1] and { tonumber(stored[1]), tonumber(stored[2]) } or { capacity, now }
  end
  local tokens = math.min(capacity, bucket[1] + math.max(0, now - bucket[2]) / refill)
  local at = math.max(bucket[2], now)
  if tokens >= capacity - 1 then at = math.max(at, now + margin) end
  buckets[index] = { tokens - 1, at }
  if tokens >= 1 then return 0 end
  return at - now - (tokens - 1) * refill
end

for i = 11, #ARGV do answers[i - 10] = '' end
for i = 11, #ARGV do
  local slot = math.max(nextAt, now - burst)
  local isNear = slot - now <= reach
  if not isNear and not (slot - now <= far and shareAt <= now) then break end
  local index, after = tonumber(ARGV[i]), 0
  if index > 0 then after = take(index) end
  if after > 0 then
    answers[i - 10] = string.format('p%.3f', after)
  else
    answers[i - 10] = string.format('s%.3f', math.max(0, slot - now))
    nextAt = slot + interval
    if not isNear then shareAt = math.max(shareAt, now - 250) + shareInterval end
  end
end

redis.call('HSET', KEYS[1], 'next', string.format('%.3f', nextAt), priority, string.format('%.3f', shareAt))
redis.call('PEXPIRE', KEYS[1], math.ceil(math.max(nextAt, shareAt) - now) + 60000)
for index, bucket in pairs(buckets) do
  redis.call('HSET', KEYS[index], 'tokens', string.format('%.6f', bucket[1]), 'at', string.format('%.3f', bucket[2]))
  redis.call('PEXPIRE', KEYS[index], math.ceil(math.max(0, bucket[2] - now) + (capacity - bucket[1]) * refill) + 1)
end
local again = math.min(nextAt - reach, math.max(shareAt, nextAt - far)) - now + 250
answers[#answers + 1] = string.format('%.3f', math.min(1000, math.max(20, again)))
return answers`;
