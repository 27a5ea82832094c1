; C: what things are.

[(compound_statement) (field_declaration_list) (enumerator_list) (initializer_list) (preproc_if) (preproc_ifdef)
 (preproc_else) (preproc_elif) (comment) (case_statement)] @fold
[(compound_statement) (field_declaration_list) (enumerator_list) (initializer_list) (case_statement)
 (parameter_list) (argument_list)] @indent
(if_statement consequence: [(expression_statement) (return_statement) (if_statement) (for_statement) (while_statement)] ) @indent
["}" ")"] @dedent
(preproc_directive) @dedent
(function_definition body: (_) @function.inner) @function
(struct_specifier body: (_) @class.inner) @class
(union_specifier body: (_) @class.inner) @class
(enum_specifier body: (_) @class.inner) @class
(parameter_list (parameter_declaration) @parameter)
(argument_list (_) @parameter)
(comment) @comment
(function_definition declarator: (function_declarator declarator: (identifier) @name)) @tag.function
(function_definition declarator: (pointer_declarator declarator: (function_declarator declarator: (identifier) @name))) @tag.function
(struct_specifier name: (_) @name body: (_)) @tag.struct
(union_specifier name: (_) @name body: (_)) @tag.union
(enum_specifier name: (_) @name body: (_)) @tag.enum
(type_definition declarator: (type_identifier) @name) @tag.type
(preproc_def name: (_) @name) @tag.macro
(preproc_function_def name: (_) @name) @tag.macro
