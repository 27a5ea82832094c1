; Go.

[(block) (field_declaration_list) (interface_type) (literal_value) (import_spec_list) (const_declaration)
 (var_declaration) (argument_list) (expression_switch_statement) (type_switch_statement) (select_statement) (comment)] @fold
[(block) (field_declaration_list) (interface_type) (literal_value) (import_spec_list) (const_declaration)
 (argument_list) (parameter_list) (expression_case) (default_case) (type_case) (communication_case)] @indent
["}" ")" "]"] @dedent
["case" "default"] @dedent
(function_declaration body: (_) @function.inner) @function
(method_declaration body: (_) @function.inner) @function
(func_literal body: (_) @function.inner) @function
(type_declaration (type_spec type: (_) @class.inner)) @class
(parameter_list (_) @parameter)
(argument_list (_) @parameter)
(comment) @comment
(function_declaration name: (_) @name) @tag.function
(method_declaration name: (_) @name) @tag.method
(type_spec name: (_) @name) @tag.type
(source_file (const_declaration (const_spec name: (_) @name) @tag.constant))
(source_file (var_declaration (var_spec name: (_) @name) @tag.variable))
