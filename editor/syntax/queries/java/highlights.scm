; Java.

[(line_comment) (block_comment)] @comment
((block_comment) @comment.doc (#match? @comment.doc "^/\\*\\*[^*]"))
(type_identifier) @type
[(integral_type) (floating_point_type) (boolean_type) (void_type)] @type.builtin
((identifier) @constant (#match? @constant "^[A-Z][A-Z0-9_]+$"))
((field_access object: (identifier) @type) (#match? @type "^[A-Z][A-Za-z0-9]*[a-z]"))
((method_invocation object: (identifier) @type) (#match? @type "^[A-Z][A-Za-z0-9]*[a-z]"))
(field_access field: (identifier) @property)
(method_invocation name: (identifier) @function)
(method_declaration name: (identifier) @function)
(constructor_declaration name: (identifier) @type)
(class_declaration name: (identifier) @type)
(interface_declaration name: (identifier) @type)
(enum_declaration name: (identifier) @type)
(record_declaration name: (identifier) @type)
(enum_constant name: (identifier) @constant)
(formal_parameter name: (identifier) @parameter)
(lambda_expression parameters: (identifier) @parameter)
(marker_annotation name: (identifier) @attribute)
(annotation name: (identifier) @attribute)
(marker_annotation "@" @attribute)
(annotation "@" @attribute)
(package_declaration (scoped_identifier) @namespace)
(labeled_statement (identifier) @label)
[
  "abstract" "assert" "break" "case" "catch" "class" "continue" "default" "do" "else" "enum" "exports"
  "extends" "final" "finally" "for" "if" "implements" "import" "instanceof" "interface" "module" "native"
  "new" "open" "opens" "package" "permits" "private" "protected" "provides" "public" "record" "requires"
  "return" "sealed" "non-sealed" "static" "strictfp" "switch" "synchronized" "throw" "throws" "to"
  "transient" "transitive" "try" "uses" "volatile" "when" "while" "with" "yield" "@interface"
] @keyword
[(string_literal) (character_literal)] @string
(escape_sequence) @escape
[
  (decimal_integer_literal) (hex_integer_literal) (octal_integer_literal) (binary_integer_literal)
  (decimal_floating_point_literal) (hex_floating_point_literal)
] @number
[(true) (false) (null_literal)] @constant.builtin
[(this) (super)] @variable.builtin
[
  "=" "+=" "-=" "*=" "/=" "%=" "&=" "|=" "^=" "<<=" ">>=" ">>>=" "+" "-" "*" "/" "%" "&" "|" "^" "~" "<<"
  ">>" ">>>" "==" "!=" "<" ">" "<=" ">=" "&&" "||" "!" "++" "--" "->" "?"
] @operator
["(" ")" "[" "]" "{" "}" ";" "," "." ":" "::" "..."] @punctuation
