; Rust.

[(block) (declaration_list) (field_declaration_list) (enum_variant_list) (match_block) (use_list)
 (struct_expression) (arguments) (parameters) (block_comment) (token_tree) (array_expression)] @fold
[(block) (declaration_list) (field_declaration_list) (enum_variant_list) (match_block) (use_list)
 (field_initializer_list) (arguments) (parameters) (token_tree) (array_expression) (where_clause)] @indent
["}" ")" "]"] @dedent
(function_item body: (_) @function.inner) @function
(closure_expression body: (_) @function.inner) @function
(struct_item body: (_) @class.inner) @class
(enum_item body: (_) @class.inner) @class
(trait_item body: (_) @class.inner) @class
(impl_item body: (_) @class.inner) @class
(parameters (_) @parameter)
(arguments (_) @parameter)
[(line_comment) (block_comment)] @comment
(function_item name: (_) @name) @tag.function
(struct_item name: (_) @name) @tag.struct
(enum_item name: (_) @name) @tag.enum
(trait_item name: (_) @name) @tag.trait
(impl_item type: (_) @name) @tag.impl
(mod_item name: (_) @name) @tag.module
(macro_definition name: (_) @name) @tag.macro
(const_item name: (_) @name) @tag.constant
