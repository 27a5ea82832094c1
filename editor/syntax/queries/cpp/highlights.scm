; inherits: c
; C++ over C.

[
  "catch" "class" "co_await" "co_return" "co_yield" "concept" "consteval" "constinit" "decltype"
  "delete" "explicit" "final" "friend" "mutable" "namespace" "new" "noexcept" "operator" "override"
  "private" "protected" "public" "requires" "static_assert" "template" "throw" "try" "typename"
  "using" "virtual" "and" "and_eq" "bitand" "bitor" "compl" "not" "not_eq" "or" "or_eq" "xor" "xor_eq"
] @keyword

(auto) @type.builtin
(this) @variable.builtin
(namespace_identifier) @namespace
(namespace_definition name: (namespace_identifier) @namespace)

(call_expression function: (qualified_identifier name: (identifier) @function))
(call_expression function: (qualified_identifier name: (template_function name: (identifier) @function)))
(template_function name: (identifier) @function)
(template_method name: (field_identifier) @function)
(function_declarator declarator: (qualified_identifier name: (identifier) @function))
(function_declarator declarator: (field_identifier) @function)
(destructor_name (identifier) @function)
(operator_name) @function
(parameter_declaration declarator: (reference_declarator (identifier) @parameter))
(optional_parameter_declaration declarator: (identifier) @parameter)
(concept_definition name: (identifier) @type)

(raw_string_literal) @string
(raw_string_delimiter) @string.special
(user_defined_literal (literal_suffix) @keyword)
["::" "<=>" "->*" ".*"] @operator
