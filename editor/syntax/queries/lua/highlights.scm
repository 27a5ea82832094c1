; Lua.

(comment) @comment
(hash_bang_line) @comment
((identifier) @variable.builtin (#any-of? @variable.builtin "self" "_G" "_ENV" "_VERSION"))
((identifier) @constant (#match? @constant "^[A-Z][A-Z0-9_]+$"))
(dot_index_expression field: (identifier) @property)
(field name: (identifier) @property)
(function_call name: (identifier) @function)
(function_call name: (dot_index_expression field: (identifier) @function))
(function_call name: (method_index_expression method: (identifier) @function))
((function_call name: (identifier) @function.builtin)
  (#any-of? @function.builtin "assert" "collectgarbage" "dofile" "error" "getmetatable" "ipairs" "load"
   "loadfile" "next" "pairs" "pcall" "print" "rawequal" "rawget" "rawlen" "rawset" "require" "select"
   "setmetatable" "tonumber" "tostring" "type" "unpack" "warn" "xpcall"))
(function_declaration name: (identifier) @function)
(function_declaration name: (dot_index_expression field: (identifier) @function))
(function_declaration name: (method_index_expression method: (identifier) @function))
(parameters (identifier) @parameter)
(attribute (identifier) @attribute)
(label_statement (identifier) @label)
(goto_statement (identifier) @label)
[
  "and" "do" "else" "elseif" "end" "for" "function" "goto" "if" "in" "local" "not" "or" "repeat" "return"
  "then" "until" "while"
] @keyword
(break_statement) @keyword
(string) @string
(escape_sequence) @escape
(number) @number
[(true) (false) (nil)] @constant.builtin
(vararg_expression) @variable.builtin
["=" "+" "-" "*" "/" "//" "%" "^" "&" "|" "~" "<<" ">>" "==" "~=" "<" ">" "<=" ">=" ".." "#"] @operator
["(" ")" "[" "]" "{" "}" ";" "," "." ":" "::"] @punctuation
