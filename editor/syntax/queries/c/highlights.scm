; C. Later patterns win over earlier ones on the same node; inner nodes win over outer ones.

(comment) @comment
((comment) @comment.doc (#match? @comment.doc "^/(\\*\\*[^*]|//)"))

[
  "break" "case" "continue" "default" "do" "else" "enum" "extern" "for" "goto" "if" "inline"
  "register" "return" "sizeof" "static" "struct" "switch" "typedef" "union" "volatile" "while"
  "const" "restrict" "alignas" "alignof" "_Alignas" "_Alignof" "_Atomic" "_Generic" "_Noreturn"
  "noreturn" "constexpr" "thread_local" "offsetof" "asm" "__asm__" "__attribute__" "__extension__"
  "__inline" "__inline__" "__restrict__" "__thread" "__volatile__"
] @keyword

(type_identifier) @type
(primitive_type) @type.builtin
(sized_type_specifier) @type.builtin

(call_expression function: (identifier) @function)
(call_expression function: (field_expression field: (field_identifier) @function))
(function_declarator declarator: (identifier) @function)
(function_declarator declarator: (parenthesized_declarator) @function)
(attribute name: (identifier) @attribute)

(field_identifier) @property
(call_expression function: (field_expression field: (field_identifier) @function))
(statement_identifier) @label
(parameter_declaration declarator: (identifier) @parameter)
(parameter_declaration declarator: (pointer_declarator declarator: (identifier) @parameter))
(enumerator name: (identifier) @constant)
((identifier) @constant (#match? @constant "^[A-Z][A-Z0-9_]+$"))
(call_expression function: (identifier) @macro (#match? @macro "^[A-Z][A-Z0-9_]+$"))

(number_literal) @number
(char_literal) @string
(string_literal) @string
(system_lib_string) @string
(escape_sequence) @escape
[(true) (false) (null)] @constant.builtin

[
  "#define" "#elif" "#elifdef" "#elifndef" "#else" "#endif" "#if" "#ifdef" "#ifndef" "#include"
  "defined"
] @macro
(preproc_directive) @macro
(preproc_def name: (identifier) @macro)
(preproc_function_def name: (identifier) @macro)

[
  "=" "+=" "-=" "*=" "/=" "%=" "&=" "|=" "^=" "<<=" ">>=" "+" "-" "*" "/" "%" "&" "|" "^" "~"
  "<<" ">>" "==" "!=" "<" ">" "<=" ">=" "&&" "||" "!" "++" "--" "->" "?"
] @operator
["(" ")" "[" "]" "{" "}" ";" "," "." ":" "..."] @punctuation
