; SQL.

[(statement) (column_definitions) (subquery) (cte) (comment) (marginalia)] @fold
[(column_definitions) (subquery) (cte)] @indent
")" @dedent
(create_function) @function
(create_table) @class
(column_definition) @parameter
[(comment) (marginalia)] @comment
(create_table (object_reference) @name) @tag.table
(create_view (object_reference) @name) @tag.view
(create_index) @tag.index
(create_function (object_reference) @name) @tag.function
