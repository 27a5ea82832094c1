; Rust.

[(line_comment) (block_comment)] @comment
(line_comment doc: (_)) @comment.doc
(block_comment doc: (_)) @comment.doc
(type_identifier) @type
(primitive_type) @type.builtin
(field_identifier) @property
(shorthand_field_identifier) @property
((identifier) @constant (#match? @constant "^[A-Z][A-Z0-9_]+$"))
((identifier) @type (#match? @type "^[A-Z][A-Za-z0-9]*[a-z]"))
((identifier) @constant (#any-of? @constant "None" "Some" "Ok" "Err"))
(enum_variant name: (identifier) @constant)
(scoped_identifier path: (identifier) @namespace)
(scoped_type_identifier path: (identifier) @namespace)
((scoped_identifier path: (identifier) @type) (#match? @type "^[A-Z]"))
(mod_item name: (identifier) @namespace)
(use_declaration argument: (identifier) @namespace)
[(self) (super) (crate)] @variable.builtin
(parameter pattern: (identifier) @parameter)
(closure_parameters (identifier) @parameter)

(call_expression function: (identifier) @function)
(call_expression function: (scoped_identifier name: (identifier) @function))
(call_expression function: (field_expression field: (field_identifier) @function))
((call_expression function: (identifier) @constant) (#match? @constant "^[A-Z]"))
(generic_function function: (identifier) @function)
(generic_function function: (scoped_identifier name: (identifier) @function))
(generic_function function: (field_expression field: (field_identifier) @function))
(function_item name: (identifier) @function)
(function_signature_item name: (identifier) @function)
(macro_invocation macro: (identifier) @macro "!" @macro)
(macro_invocation macro: (scoped_identifier name: (identifier) @macro) "!" @macro)
(macro_definition name: (identifier) @macro)
(metavariable) @parameter
(attribute_item) @attribute
(inner_attribute_item) @attribute
(lifetime (identifier) @label)
(lifetime "'" @label)
(label (identifier) @label)

[
  "as" "async" "await" "break" "const" "continue" "default" "dyn" "else" "enum" "extern" "fn" "for" "gen"
  "if" "impl" "in" "let" "loop" "macro_rules!" "match" "mod" "move" "pub" "raw" "ref" "return" "static"
  "struct" "trait" "try" "type" "union" "unsafe" "use" "where" "while" "yield"
] @keyword
(mutable_specifier) @keyword
[(string_literal) (raw_string_literal) (char_literal)] @string
(escape_sequence) @escape
[(integer_literal) (float_literal)] @number
(boolean_literal) @constant.builtin
[
  "=" "+=" "-=" "*=" "/=" "%=" "&=" "|=" "^=" "<<=" ">>=" "+" "-" "*" "/" "%" "&" "|" "^" "<<" ">>" "=="
  "!=" "<" ">" "<=" ">=" "&&" "||" "!" "=>" "->" ".." "..=" "..." "?" "@"
] @operator
["(" ")" "[" "]" "{" "}" ";" "," "." ":" "::" "#"] @punctuation
