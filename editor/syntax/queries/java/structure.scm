; Java.

[(block) (class_body) (interface_body) (enum_body) (annotation_type_body) (array_initializer) (switch_block)
 (constructor_body) (argument_list) (block_comment)] @fold
[(block) (class_body) (interface_body) (enum_body) (array_initializer) (switch_block) (constructor_body)
 (switch_block_statement_group) (argument_list) (formal_parameters)] @indent
["}" ")" "]"] @dedent
(method_declaration body: (_) @function.inner) @function
(constructor_declaration body: (_) @function.inner) @function
(lambda_expression body: (_) @function.inner) @function
(class_declaration body: (_) @class.inner) @class
(interface_declaration body: (_) @class.inner) @class
(enum_declaration body: (_) @class.inner) @class
(record_declaration body: (_) @class.inner) @class
(formal_parameters (_) @parameter)
(argument_list (_) @parameter)
[(line_comment) (block_comment)] @comment
(method_declaration name: (_) @name) @tag.method
(constructor_declaration name: (_) @name) @tag.constructor
(class_declaration name: (_) @name) @tag.class
(interface_declaration name: (_) @name) @tag.interface
(enum_declaration name: (_) @name) @tag.enum
(record_declaration name: (_) @name) @tag.record
