" Runs the cases of a file in one Vim and writes what became of each. A case is four lines: options,
" lines (a list), cursor (a list), keys (inside of a double-quoted string).
let s:cases = readfile($VIM_CASES)
let s:out = []
set nocompatible encoding=utf-8 nomore nofixendofline noswapfile viminfo= shortmess+=aoOtTIcF
set lines=24 columns=80 belloff=all maxfuncdepth=200 ttimeout ttimeoutlen=0 timeoutlen=100000
func s:Fresh()
  silent! enew!
  silent! %bwipeout!
  for r in split('abcdefghijklmnopqrstuvwxyz0123456789-', '\zs')
    call setreg(r, [])
  endfor
  call setreg('"', [])
  " What '.', ';', n and & do again.
  call setline(1, 'q')
  silent! call feedkeys("fQ/QQ\<CR>:s/QQ/QQ/e\<CR>yl", 'tx')
  silent! enew!
  silent! %bwipeout!
endfunc
func s:Reg(name)
  let l = getreg(a:name, 1, 1)
  if getregtype(a:name) == ''
    return
  endif
  call add(s:out, 'R' . a:name . getregtype(a:name)[0] . ' ' . join(map(l, {_, x -> substitute(x, "\n", '\\0', 'g')}), '\n'))
endfunc
func s:Case(i)
  call s:Fresh()
  exe 'set backspace=indent,eol,start nrformats=bin,hex noautoindent shiftwidth=8 noexpandtab tabstop=8 softtabstop=0 textwidth=0 noignorecase nosmartcase wrapscan startofline ' . s:cases[a:i]
  call setline(1, eval(s:cases[a:i + 1]))
  " Nothing to undo yet.
  setlocal undolevels=-1
  call setline(1, getline(1))
  setlocal undolevels=1000
  set nomodified
  call cursor(eval(s:cases[a:i + 2]))
  delmarks!
  clearjumps
  call add(s:out, '@' . (a:i / 4))
  " An error must stop a macro, but Vim sleeps a second after one that is shown.
  if s:cases[a:i + 3] =~ '@'
    silent call feedkeys(eval('"' . s:cases[a:i + 3] . '"'), 'tx')
  else
    silent! call feedkeys(eval('"' . s:cases[a:i + 3] . '"'), 'tx')
  endif
  for l in getline(1, '$')
    call add(s:out, 'T' . substitute(l, "\n", '\\0', 'g'))
  endfor
  call add(s:out, 'C' . line('.') . ',' . col('.'))
  for r in split('"0123-abc', '\zs')
    call s:Reg(r)
  endfor
endfunc
" In a function, so that an error does not end the loop.
func s:All()
  let i = 0
  while i + 3 < len(s:cases)
    call s:Case(i)
    let i += 4
  endwhile
endfunc
call s:All()
call add(s:out, 'end')
call writefile(s:out, $VIM_RESULTS)
qall!
