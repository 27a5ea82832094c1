; PHP: what things are.

[(compound_statement) (declaration_list) (enum_declaration_list) (array_creation_expression) (switch_block)
 (match_block) (arguments) (formal_parameters) (comment) (heredoc)] @fold
[(compound_statement) (declaration_list) (enum_declaration_list) (array_creation_expression) (switch_block)
 (case_statement) (default_statement) (match_block) (arguments) (formal_parameters)] @indent
["}" ")" "]"] @dedent
(function_definition body: (_) @function.inner) @function
(method_declaration body: (_) @function.inner) @function
(anonymous_function body: (_) @function.inner) @function
(arrow_function body: (_) @function.inner) @function
(class_declaration body: (_) @class.inner) @class
(interface_declaration body: (_) @class.inner) @class
(trait_declaration body: (_) @class.inner) @class
(enum_declaration body: (_) @class.inner) @class
(formal_parameters (_) @parameter)
(arguments (_) @parameter)
(comment) @comment
(function_definition name: (_) @name) @tag.function
(method_declaration name: (_) @name) @tag.method
(class_declaration name: (_) @name) @tag.class
(interface_declaration name: (_) @name) @tag.interface
(trait_declaration name: (_) @name) @tag.trait
(enum_declaration name: (_) @name) @tag.enum
(namespace_definition name: (_) @name) @tag.namespace
