; Ruby.

(comment) @comment
(constant) @type
((constant) @constant (#match? @constant "^[A-Z][A-Z0-9_]+$"))
(instance_variable) @property
[(class_variable) (global_variable)] @variable
[(self) (super)] @variable.builtin
(call method: (identifier) @function)
((identifier) @function.builtin
  (#any-of? @function.builtin "attr_accessor" "attr_reader" "attr_writer" "extend" "include" "lambda"
   "loop" "p" "print" "private" "proc" "protected" "public" "puts" "raise" "require" "require_relative"))
(method name: [(identifier) (constant) (setter) (operator)] @function)
(singleton_method name: [(identifier) (constant)] @function)
(method_parameters (identifier) @parameter)
(block_parameters (identifier) @parameter)
(lambda_parameters (identifier) @parameter)
(optional_parameter name: (identifier) @parameter)
(keyword_parameter name: (identifier) @parameter)
(splat_parameter name: (identifier) @parameter)
(hash_splat_parameter name: (identifier) @parameter)
(block_parameter name: (identifier) @parameter)
[
  "alias" "and" "begin" "BEGIN" "break" "case" "class" "def" "defined?" "do" "else" "elsif" "end" "END"
  "ensure" "for" "if" "in" "module" "next" "not" "or" "redo" "rescue" "retry" "return" "then" "undef"
  "unless" "until" "when" "while" "yield"
] @keyword
[(string) (bare_string) (heredoc_body) (subshell) (character)] @string
[(heredoc_beginning) (heredoc_end) (regex)] @string.special
[(simple_symbol) (delimited_symbol) (bare_symbol) (hash_key_symbol)] @constant
(interpolation) @none
(interpolation ["#{" "}"] @punctuation)
(escape_sequence) @escape
[(integer) (float) (rational) (complex)] @number
[(true) (false) (nil)] @constant.builtin
[
  "=" "+=" "-=" "*=" "/=" "%=" "**=" "&=" "|=" "^=" "<<=" ">>=" "&&=" "||=" "+" "-" "*" "/" "%" "**" "&"
  "|" "^" "~" "<<" ">>" "==" "===" "!=" "=~" "!~" "<" ">" "<=" ">=" "<=>" "&&" "||" "!" "=>" "->" "?"
  ".." "..."
] @operator
["(" ")" "[" "]" "{" "}" ";" "," "." "&." ":" "::"] @punctuation
