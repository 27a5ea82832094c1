; HCL (Terraform).

(comment) @comment
(identifier) @variable
(attribute (identifier) @property)
(object_elem key: (expression (variable_expr (identifier) @property)))
(get_attr (identifier) @property)
(block . (identifier) @keyword)
(block (identifier) @type . [(string_lit) (block_start)])
(block . (identifier) @keyword)
(function_call . (identifier) @function)
((variable_expr (identifier) @type.builtin) (#match? @type.builtin "^(string|number|bool|any|list|map|set|object|tuple)$"))
((variable_expr (identifier) @variable.builtin) (#match? @variable.builtin "^(var|local|module|data|each|count|self|path|terraform)$"))
[(quoted_template) (string_lit) (heredoc_template)] @string
(heredoc_identifier) @string.special
[(template_interpolation_start) (template_interpolation_end) (template_directive_start) (template_directive_end)] @escape
(numeric_lit) @number
[(bool_lit) (null_lit)] @constant.builtin
["for" "in" "if" "else" "endfor" "endif"] @keyword
["!" "!=" "%" "&&" "*" "+" "-" "/" "<" "<=" "=" "==" "=>" ">" ">=" "?" "||" (ellipsis)] @operator
["(" ")" "." "," ":" "[" "]" "{" "}" (block_start) (block_end) (object_start) (object_end) (tuple_start) (tuple_end)] @punctuation
