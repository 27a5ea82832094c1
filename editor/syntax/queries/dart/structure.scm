; Dart.

[(block) (class_body) (enum_body) (extension_body) (switch_block) (arguments) (list_literal) (set_or_map_literal)
 (comment)] @fold
[(block) (class_body) (enum_body) (extension_body) (switch_block) (arguments) (list_literal) (set_or_map_literal)
 (formal_parameter_list)] @indent
["}" ")" "]"] @dedent
(function_body) @function
(function_body (_) @function.inner) @function
(class_definition body: (_) @class.inner) @class
(formal_parameter) @parameter
(argument) @parameter
[(comment) (documentation_comment)] @comment
(class_definition name: (_) @name) @tag.class
(enum_declaration name: (_) @name) @tag.enum
(extension_declaration name: (_) @name) @tag.extension
(function_signature name: (_) @name) @tag.function
(getter_signature name: (_) @name) @tag.property
