; Zig.

[(block) (struct_declaration) (enum_declaration) (union_declaration) (switch_expression) (initializer_list)
 (arguments)] @fold
[(block) (struct_declaration) (enum_declaration) (union_declaration) (switch_expression) (initializer_list)
 (arguments) (parameters)] @indent
["}" ")" "]"] @dedent
(function_declaration body: (_) @function.inner) @function
(test_declaration (block) @function.inner) @function
[(struct_declaration) (enum_declaration) (union_declaration)] @class
(parameter) @parameter
(arguments (_) @parameter)
(comment) @comment
(function_declaration name: (_) @name) @tag.function
(variable_declaration (identifier) @name [(struct_declaration) (enum_declaration) (union_declaration)]) @tag.type
(test_declaration (string) @name) @tag.test
