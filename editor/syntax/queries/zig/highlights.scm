; Zig.

(comment) @comment
((comment) @comment.doc (#match? @comment.doc "^//[/!]"))
(identifier) @variable
((identifier) @type (#match? @type "^[A-Z][A-Za-z0-9]*[a-z]"))
((identifier) @constant (#match? @constant "^[A-Z][A-Z0-9_]+$"))
(builtin_type) @type.builtin
(builtin_identifier) @function.builtin
(function_declaration name: (identifier) @function)
(function_signature name: (identifier) @function)
(call_expression function: (identifier) @function)
(call_expression function: (field_expression member: (identifier) @function))
(parameter name: (identifier) @parameter)
(container_field name: (identifier) @property)
(field_expression member: (identifier) @property)
(call_expression function: (field_expression member: (identifier) @function))
(field_initializer . (identifier) @property)
[(block_label (identifier) @label) (break_label (identifier) @label)]
[(string) (multiline_string) (character)] @string
(escape_sequence) @escape
[(integer) (float)] @number
["null" "undefined" "unreachable" (boolean)] @constant.builtin
[
  "addrspace" "align" "allowzero" "and" "asm" "async" "await" "break" "callconv" "catch" "comptime" "const"
  "continue" "defer" "else" "enum" "errdefer" "error" "export" "extern" "fn" "for" "if" "inline"
  "linksection" "noalias" "noinline" "nosuspend" "opaque" "or" "orelse" "packed" "pub" "resume" "return"
  "struct" "suspend" "switch" "test" "threadlocal" "try" "union" "usingnamespace" "var" "volatile" "while"
] @keyword
[
  "=" "+=" "-=" "*=" "/=" "%=" "&=" "|=" "^=" "<<=" ">>=" "+" "-" "*" "/" "%" "&" "|" "^" "~" "<<" ">>" "=="
  "!=" "<" ">" "<=" ">=" "!" "=>" "?" "++" "**" "+%" "-%" "*%" ".." "..." ".*" ".?"
] @operator
["(" ")" "[" "]" "{" "}" ";" "," "." ":"] @punctuation
