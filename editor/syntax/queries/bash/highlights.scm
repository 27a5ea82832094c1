; Shell.

(comment) @comment
(command_name) @function
(command_name (word) @function)
((command_name (word) @function.builtin)
  (#any-of? @function.builtin "." ":" "alias" "bg" "break" "cd" "command" "continue" "echo" "eval" "exec"
   "exit" "false" "fg" "getopts" "hash" "jobs" "kill" "let" "popd" "printf" "pushd" "pwd" "read" "return"
   "set" "shift" "shopt" "source" "test" "times" "trap" "true" "type" "ulimit" "umask" "unalias" "wait"))
(function_definition name: (word) @function)
((command argument: (word) @parameter) (#match? @parameter "^-"))
(variable_name) @variable
(special_variable_name) @variable.builtin
(simple_expansion "$" @punctuation)
(expansion ["${" "}"] @punctuation)
(command_substitution ["$(" ")"] @punctuation)
(variable_assignment name: (variable_name) @variable)
((variable_name) @constant (#match? @constant "^[A-Z][A-Z0-9_]*$"))

[
  "case" "declare" "do" "done" "elif" "else" "esac" "export" "fi" "for" "function" "if" "in" "local"
  "readonly" "select" "then" "typeset" "unset" "until" "while"
] @keyword

[(string) (raw_string) (ansi_c_string) (translated_string) (heredoc_body)] @string
(string (simple_expansion (variable_name) @variable))
(string (expansion (variable_name) @variable))
(string (command_substitution) @none)
[(heredoc_start) (heredoc_end)] @string.special
[(regex) (extglob_pattern)] @string.special
(number) @number
((word) @number (#match? @number "^[0-9]+$"))
(file_descriptor) @number
(test_operator) @operator
["&&" "||" "|" "|&" "!" "=" "+=" "==" "!=" "=~" ">" ">>" "<" "<<" "<<-" "<<<" "&>" "&>>" ">&" "<&" "&"] @operator
[";" ";;" "(" ")" "((" "))" "[" "]" "[[" "]]" "{" "}"] @punctuation
