; C#.

[(block) (declaration_list) (enum_member_declaration_list) (accessor_list) (switch_body) (initializer_expression)
 (argument_list) (comment) (switch_expression)] @fold
[(block) (declaration_list) (enum_member_declaration_list) (accessor_list) (switch_body) (switch_section)
 (initializer_expression) (argument_list) (parameter_list)] @indent
["}" ")" "]"] @dedent
(method_declaration body: (_) @function.inner) @function
(constructor_declaration body: (_) @function.inner) @function
(local_function_statement body: (_) @function.inner) @function
(lambda_expression body: (_) @function.inner) @function
(class_declaration body: (_) @class.inner) @class
(struct_declaration body: (_) @class.inner) @class
(interface_declaration body: (_) @class.inner) @class
(record_declaration body: (_) @class.inner) @class
(parameter_list (parameter) @parameter)
(argument_list (argument) @parameter)
(comment) @comment
(method_declaration name: (_) @name) @tag.method
(constructor_declaration name: (_) @name) @tag.constructor
(property_declaration name: (_) @name) @tag.property
(class_declaration name: (_) @name) @tag.class
(struct_declaration name: (_) @name) @tag.struct
(interface_declaration name: (_) @name) @tag.interface
(record_declaration name: (_) @name) @tag.record
(enum_declaration name: (_) @name) @tag.enum
(namespace_declaration name: (_) @name) @tag.namespace
