; C#.

(comment) @comment
((comment) @comment.doc (#match? @comment.doc "^///"))
(identifier) @variable
((identifier) @constant (#match? @constant "^[A-Z][A-Z0-9_]+$"))
(predefined_type) @type.builtin
[(class_declaration name: (identifier) @type) (struct_declaration name: (identifier) @type)
 (interface_declaration name: (identifier) @type) (enum_declaration name: (identifier) @type)
 (record_declaration name: (identifier) @type) (delegate_declaration name: (identifier) @type)]
(constructor_declaration name: (identifier) @type)
(destructor_declaration name: (identifier) @type)
(generic_name . (identifier) @type)
(base_list (identifier) @type)
(type_parameter name: (identifier) @type)
(variable_declaration type: (identifier) @type)
(object_creation_expression type: (identifier) @type)
(parameter type: (identifier) @type)
(method_declaration returns: (identifier) @type)
(property_declaration type: (identifier) @type)
(cast_expression type: (identifier) @type)
(catch_declaration type: (identifier) @type)
(nullable_type type: (identifier) @type)
(array_type type: (identifier) @type)
(type_argument_list (identifier) @type)
(enum_member_declaration name: (identifier) @constant)
(method_declaration name: (identifier) @function)
(local_function_statement name: (identifier) @function)
(invocation_expression function: (identifier) @function)
(member_access_expression name: (identifier) @property)
(invocation_expression function: (member_access_expression name: (identifier) @function))
(property_declaration name: (identifier) @property)
(parameter name: (identifier) @parameter)
(argument name: (identifier) @parameter)
(attribute name: (identifier) @attribute)
(namespace_declaration name: [(identifier) @namespace (qualified_name (identifier) @namespace)])
(file_scoped_namespace_declaration name: [(identifier) @namespace (qualified_name (identifier) @namespace)])
(using_directive [(identifier) @namespace (qualified_name (identifier) @namespace)])
(labeled_statement . (identifier) @label)
[(string_literal) (verbatim_string_literal) (raw_string_literal) (character_literal)
 (interpolated_string_expression)] @string
(escape_sequence) @escape
(interpolation_brace) @escape
[(integer_literal) (real_literal)] @number
[(boolean_literal) (null_literal)] @constant.builtin
["this" "base"] @variable.builtin
[
  "#define" "#elif" "#else" "#endif" "#endregion" "#error" "#if" "#line" "#nullable" "#pragma" "#region"
  "#undef" "#warning"
] @macro
(preproc_arg) @macro
[(modifier) (implicit_type)] @keyword
[
  "add" "and" "as" "await" "break" "by" "case" "catch" "checked" "class" "const" "continue" "default"
  "delegate" "do" "else" "enum" "event" "explicit" "finally" "fixed" "for" "foreach" "from" "get" "global"
  "goto" "group" "if" "implicit" "in" "init" "interface" "into" "is" "join" "let" "lock" "namespace" "new"
  "not" "on" "operator" "or" "orderby" "out" "params" "record" "ref" "remove" "return" "select" "set"
  "sizeof" "stackalloc" "static" "struct" "switch" "throw" "try" "typeof" "unchecked" "using" "when" "where"
  "while" "with" "yield"
] @keyword
[
  "=" "+=" "-=" "*=" "/=" "%=" "&=" "|=" "^=" "<<=" ">>=" "??=" "+" "-" "*" "/" "%" "&" "|" "^" "~" "<<" ">>"
  "==" "!=" "<" ">" "<=" ">=" "&&" "||" "!" "++" "--" "=>" "?" "??" ".."
] @operator
["(" ")" "[" "]" "{" "}" ";" "," "." ":" "::"] @punctuation
