; PHP; what is outside <?php is HTML by injection.

[(php_tag) (php_end_tag)] @macro
(comment) @comment
((comment) @comment.doc (#match? @comment.doc "^/\\*\\*[^*]"))

((name) @constant (#match? @constant "^_?[A-Z][A-Z0-9_]+$"))
((name) @type (#match? @type "^[A-Z][A-Za-z0-9_]*[a-z]"))
(named_type (name) @type)
(named_type (qualified_name (name) @type))
(primitive_type) @type.builtin
(bottom_type) @type.builtin
(cast_type) @type.builtin
(class_declaration name: (name) @type)
(interface_declaration name: (name) @type)
(trait_declaration name: (name) @type)
(enum_declaration name: (name) @type)
(object_creation_expression (name) @type)
(base_clause (name) @type)
(class_interface_clause (name) @type)
(enum_case name: (name) @constant)
(const_element (name) @constant)
(class_constant_access_expression (_) (name) @constant)
(namespace_name (name) @namespace)
(namespace_use_clause (name) @type)

(variable_name) @variable
(variable_name (name) @variable)
((variable_name) @variable.builtin
  (#any-of? @variable.builtin "$this" "$_GET" "$_POST" "$_COOKIE" "$_FILES" "$_SERVER" "$_SESSION"
   "$_REQUEST" "$_ENV" "$GLOBALS"))
((variable_name (name) @variable.builtin)
  (#any-of? @variable.builtin "this" "_GET" "_POST" "_COOKIE" "_FILES" "_SERVER" "_SESSION" "_REQUEST"
   "_ENV" "GLOBALS"))
(relative_scope) @variable.builtin
(simple_parameter name: (variable_name) @parameter)
(simple_parameter name: (variable_name (name) @parameter))
(variadic_parameter name: (variable_name) @parameter)
(variadic_parameter name: (variable_name (name) @parameter))
(property_promotion_parameter name: (variable_name) @parameter)
(property_promotion_parameter name: (variable_name (name) @parameter))
(property_element (variable_name) @property)
(property_element (variable_name (name) @property))
(member_access_expression name: (name) @property)
(nullsafe_member_access_expression name: (name) @property)
(scoped_property_access_expression name: (variable_name) @property)
(argument name: (name) @parameter)

(function_definition name: (name) @function)
(method_declaration name: (name) @function)
(function_call_expression function: (name) @function)
(function_call_expression function: (qualified_name (name) @function))
(member_call_expression name: (name) @function)
(nullsafe_member_call_expression name: (name) @function)
(scoped_call_expression name: (name) @function)
(attribute (name) @attribute)
(named_label_statement (name) @label)

[
  "abstract" "and" "as" "break" "case" "catch" "class" "clone" "const" "continue" "declare" "default"
  "do" "echo" "else" "elseif" "enddeclare" "endfor" "endforeach" "endif" "endswitch" "endwhile" "enum"
  "exit" "extends" "final" "finally" "fn" "for" "foreach" "function" "global" "goto" "if" "implements"
  "include" "include_once" "instanceof" "insteadof" "interface" "match" "namespace" "new" "or" "print"
  "private" "protected" "public" "readonly" "require" "require_once" "return" "static" "switch" "throw"
  "trait" "try" "unset" "use" "while" "xor" "yield" "yield from"
] @keyword
["array" "list"] @function.builtin

[(string) (encapsed_string) (heredoc) (nowdoc) (shell_command_expression)] @string
(encapsed_string (variable_name) @variable)
(heredoc_body (variable_name) @variable)
[(heredoc_start) (heredoc_end)] @string.special
(escape_sequence) @escape
[(integer) (float)] @number
[(boolean) (null)] @constant.builtin

[
  "=" "+=" "-=" "*=" "/=" "%=" "**=" ".=" "&=" "|=" "^=" "<<=" ">>=" "??=" "+" "-" "*" "/" "%" "**" "." "&"
  "|" "^" "~" "<<" ">>" "==" "===" "!=" "!==" "<>" "<" ">" "<=" ">=" "<=>" "&&" "||" "??" "!" "++" "--"
  "=>" "->" "?->" "::" "..." "?" "@"
] @operator
["(" ")" "[" "]" "{" "}" ";" "," ":" "#["] @punctuation
