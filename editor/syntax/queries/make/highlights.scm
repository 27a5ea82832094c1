; Make.

(comment) @comment
(targets (word) @function)
(targets (word) @function)
((targets (word) @keyword) (#match? @keyword "^\\.[A-Z_]+$"))
(variable_assignment name: (word) @variable)
(define_directive name: (word) @variable)
(variable_reference (word) @variable)
(variable_reference ["$" "$$" "(" ")" "{" "}"] @punctuation)
(automatic_variable) @variable.builtin
(shell_assignment name: (word) @variable)
(function_call function: _ @function.builtin)
(shell_function function: _ @function.builtin)
[
  "ifeq" "ifneq" "ifdef" "ifndef" "else" "endif" "define" "endef" "include" "-include" "sinclude" "export"
  "unexport" "override" "private" "undefine" "vpath"
] @keyword
(escape) @escape
(string) @string
(raw_text) @string
["=" ":=" "::=" "?=" "+=" "!=" "|"] @operator
[":" "&:" "::" ";"] @punctuation
