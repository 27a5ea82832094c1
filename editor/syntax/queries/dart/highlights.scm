; Dart.

(comment) @comment
(documentation_comment) @comment.doc
(identifier) @variable
((identifier) @constant (#match? @constant "^[A-Z][A-Z0-9_]+$"))
((identifier) @type (#match? @type "^_?[A-Z][A-Za-z0-9]*[a-z]"))
(type_identifier) @type
((type_identifier) @type.builtin (#match? @type.builtin "^(int|double|num|bool|String|Object|dynamic|Never|Null)$"))
(void_type) @type.builtin
(function_signature name: (identifier) @function)
(getter_signature name: (identifier) @function)
(setter_signature name: (identifier) @function)
(constructor_signature name: (identifier) @type)
(class_definition name: (identifier) @type)
(enum_declaration name: (identifier) @type)
(enum_constant name: (identifier) @constant)
(formal_parameter name: (identifier) @parameter)
(named_argument (label (identifier) @parameter))
(unconditional_assignable_selector (identifier) @property)
(conditional_assignable_selector (identifier) @property)
(marker_annotation) @attribute
(annotation name: (identifier) @attribute)
(string_literal) @string
(uri) @string
(escape_sequence) @escape
(template_substitution) @escape
[(decimal_integer_literal) (decimal_floating_point_literal) (hex_integer_literal)] @number
[(true) (false) (null_literal)] @constant.builtin
[(this) (super)] @variable.builtin
[
  "abstract" "as" "async" "async*" "await" "catch" "class" "continue" "covariant" "default" "deferred" "do"
  "else" "enum" "export" "extends" "extension" "external" "factory" "finally" "for" "get" "hide" "if"
  "implements" "import" "in" "interface" "is" "late" "library" "mixin" "new" "of" "on" "operator" "part"
  "required" "return" "set" "show" "static" "switch" "sync*" "throw" "try" "typedef" "var" "while" "with"
  "yield" (case_builtin) (const_builtin) (final_builtin)
] @keyword
["=" "+=" "-=" "*=" "/=" "??=" "=>" "??" "&&" "||" "?" ".." "..."
 (equality_operator) (additive_operator) (multiplicative_operator) (relational_operator)
 (negation_operator) (increment_operator) (minus_operator) (shift_operator)] @operator
["(" ")" "[" "]" "{" "}" ";" "," "." ":"] @punctuation
(break_statement) @keyword
((identifier) @function . (selector (argument_part)))
((selector (unconditional_assignable_selector (identifier) @function)) . (selector (argument_part)))
((identifier) @type . (selector (argument_part)) (#match? @type "^_?[A-Z]"))
(marker_annotation name: (identifier) @attribute)
