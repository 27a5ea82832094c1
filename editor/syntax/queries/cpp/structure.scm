; inherits: c
; C++: the same and classes.

[(declaration_list) (lambda_expression) (try_statement)] @fold
[(declaration_list) (template_parameter_list)] @indent
(class_specifier body: (_) @class.inner) @class
(lambda_expression body: (_) @function.inner) @function
(parameter_list (optional_parameter_declaration) @parameter)
(class_specifier name: (_) @name body: (_)) @tag.class
(namespace_definition name: (_) @name) @tag.namespace
(function_definition declarator: (function_declarator declarator: (field_identifier) @name)) @tag.method
(function_definition declarator: (function_declarator declarator: (qualified_identifier) @name)) @tag.method
(alias_declaration name: (_) @name) @tag.type
