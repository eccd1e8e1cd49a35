-- For wrk: sends the requests of a file, which end in a zero byte each, in turn and as they are.
-- A single one is handed over once and for all: a call of Lua for each request would slow wrk
-- itself, and so the fastest servers most.

local requests, turn = {}, 0

local function take_turns()
  turn = turn % #requests + 1
  return requests[turn]
end

function wrk.init(arguments)
  local file = assert(io.open(arguments[1], "rb"))
  for text in file:read("*a"):gmatch("[^%z]+") do
    requests[#requests + 1] = text
  end
  file:close()
  if #requests > 1 then
    request = take_turns
  else
    wrk.request = take_turns
  end
end
