; Kotlin.

[(block) (class_body) (enum_class_body) (when_expression) (lambda_literal) (value_arguments) (block_comment)] @fold
[(block) (class_body) (enum_class_body) (when_expression) (lambda_literal) (value_arguments)
 (function_value_parameters) (class_parameters)] @indent
["}" ")" "]"] @dedent
(function_declaration (function_body) @function.inner) @function
(lambda_literal) @function
(class_declaration (class_body) @class.inner) @class
(object_declaration (class_body) @class.inner) @class
(parameter) @parameter
(class_parameter) @parameter
(value_argument) @parameter
[(line_comment) (block_comment)] @comment
(function_declaration name: (_) @name) @tag.function
(class_declaration name: (_) @name) @tag.class
(object_declaration name: (_) @name) @tag.object
(class_body (property_declaration (variable_declaration (identifier) @name)) @tag.property)
