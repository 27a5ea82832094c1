; Go.

(comment) @comment
(type_identifier) @type
((type_identifier) @type.builtin
  (#any-of? @type.builtin "any" "bool" "byte" "comparable" "complex128" "complex64" "error" "float32"
   "float64" "int" "int16" "int32" "int64" "int8" "rune" "string" "uint" "uint16" "uint32" "uint64"
   "uint8" "uintptr"))
(field_identifier) @property
(package_identifier) @namespace
(label_name) @label
(call_expression function: (identifier) @function)
((call_expression function: (identifier) @function.builtin)
  (#any-of? @function.builtin "append" "cap" "clear" "close" "complex" "copy" "delete" "imag" "len"
   "make" "max" "min" "new" "panic" "print" "println" "real" "recover"))
(call_expression function: (selector_expression field: (field_identifier) @function))
(function_declaration name: (identifier) @function)
(method_declaration name: (field_identifier) @function)
(method_elem name: (field_identifier) @function)
(parameter_declaration name: (identifier) @parameter)
(variadic_parameter_declaration name: (identifier) @parameter)
(const_spec name: (identifier) @constant)
(keyed_element key: (literal_element (identifier) @property))

[
  "break" "case" "chan" "const" "continue" "default" "defer" "else" "fallthrough" "for" "func" "go" "goto"
  "if" "import" "interface" "map" "package" "range" "return" "select" "struct" "switch" "type" "var"
] @keyword
[(interpreted_string_literal) (raw_string_literal) (rune_literal)] @string
(escape_sequence) @escape
[(int_literal) (float_literal) (imaginary_literal)] @number
[(true) (false) (nil) (iota)] @constant.builtin
(blank_identifier) @variable.builtin
[
  "=" ":=" "+=" "-=" "*=" "/=" "%=" "&=" "|=" "^=" "<<=" ">>=" "&^=" "+" "-" "*" "/" "%" "&" "|" "^" "&^"
  "<<" ">>" "==" "!=" "<" ">" "<=" ">=" "&&" "||" "!" "++" "--" "<-" "..." "~"
] @operator
["(" ")" "[" "]" "{" "}" ";" "," "." ":"] @punctuation
