; What JavaScript and TypeScript share.

[(statement_block) (class_body) (object) (array) (switch_body) (arguments) (formal_parameters) (template_string)
 (named_imports) (comment)] @fold
[(statement_block) (class_body) (object) (array) (switch_body) (switch_case) (switch_default) (arguments)
 (formal_parameters) (parenthesized_expression) (named_imports) (object_pattern)] @indent
["}" ")" "]"] @dedent
(function_declaration body: (_) @function.inner) @function
(function_expression body: (_) @function.inner) @function
(generator_function_declaration body: (_) @function.inner) @function
(arrow_function body: (_) @function.inner) @function
(method_definition body: (_) @function.inner) @function
(class_declaration body: (_) @class.inner) @class
(class body: (_) @class.inner) @class
(formal_parameters (_) @parameter)
(arguments (_) @parameter)
(comment) @comment
(function_declaration name: (_) @name) @tag.function
(generator_function_declaration name: (_) @name) @tag.function
(class_declaration name: (_) @name) @tag.class
(method_definition name: (_) @name) @tag.method
(variable_declarator name: (identifier) @name value: [(arrow_function) (function_expression)]) @tag.function
(pair key: (property_identifier) @name value: [(arrow_function) (function_expression)]) @tag.function
