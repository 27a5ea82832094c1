; Lua.

[(function_declaration) (function_definition) (if_statement) (for_statement) (while_statement) (repeat_statement)
 (do_statement) (table_constructor) (arguments) (comment)] @fold
[(function_declaration) (function_definition) (if_statement) (for_statement) (while_statement) (repeat_statement)
 (do_statement) (table_constructor) (arguments)] @indent
["end" "else" "elseif" "until" "}" ")"] @dedent
(function_declaration body: (_) @function.inner) @function
(function_definition body: (_) @function.inner) @function
(table_constructor) @class
(parameters (_) @parameter)
(arguments (_) @parameter)
(comment) @comment
(function_declaration name: (_) @name) @tag.function
