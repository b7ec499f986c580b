-- Drives `postmend lsp` from Neovim: nvim --headless -l neovim.lua docs/editors.md POST
-- Sets it up as that page says, opens the post, waits for what is found, acts on it, and saves.

local page, post = arg[1], arg[2]

local function check(holds, message)
  if not holds then
    io.stderr:write("FAILED: " .. message .. "\n")
    os.exit(1)
  end
end

local function wait(message, holds)
  if not vim.wait(30000, holds, 20) then
    check(false, message())
  end
end

vim.o.swapfile = false
vim.cmd("filetype on")
local setup = table.concat(vim.fn.readfile(page), "\n"):match("\n```lua\n(.-)\n```")
check(setup ~= nil, "the page has no setup for Neovim")
assert(load(setup))()
vim.cmd.edit(vim.fn.fnameescape(post))
wait(function()
  return "the server does not start"
end, function()
  return #vim.lsp.get_clients({ bufnr = 0, name = "postmend" }) == 1
end)
local client = vim.lsp.get_clients({ name = "postmend" })[1].id

local function found()
  local list = vim.tbl_map(function(one)
    local line = vim.api.nvim_buf_get_lines(0, one.lnum, one.lnum + 1, true)[1]
    return one.code .. " " .. line:sub(one.col + 1, one.end_col)
  end, vim.diagnostic.get(0))
  table.sort(list)
  return table.concat(list, ", ")
end

local function finds(expected)
  wait(function()
    return "not found: " .. expected .. "\nfound: " .. found()
  end, function()
    return found() == expected
  end)
end

finds('missing-alt <img src="a.png">, misspelling Febuary, misspelling recieve')

-- Typed text is looked at before it is saved.
vim.api.nvim_buf_set_lines(0, -1, -1, true, { "", "😀 港 seperate" })
finds('missing-alt <img src="a.png">, misspelling Febuary, misspelling recieve, misspelling seperate')

local function act(word, title)
  vim.fn.cursor(1, 1)
  check(vim.fn.search(word, "c") > 0, word .. " is not there")
  local tick = vim.api.nvim_buf_get_changedtick(0)
  vim.lsp.buf.code_action({
    apply = true,
    filter = function(action)
      return action.title == title
    end,
  })
  wait(function()
    return "nothing happens: " .. title
  end, function()
    return vim.api.nvim_buf_get_changedtick(0) > tick
  end)
end

-- Neovim names what is found in all of the line.
act("^A", 'write "February"')
finds('missing-alt <img src="a.png">, misspelling recieve, misspelling seperate')
act("recieve", "disable misspelling for this line")
finds('missing-alt <img src="a.png">, misspelling seperate')
act("seperate", "apply all safe fixes in this post")
finds('missing-alt <img src="a.png">')
vim.cmd.write()

vim.lsp.stop_client(client)
wait(function()
  return "the server does not end"
end, function()
  return vim.lsp.client_is_stopped(client)
end)
