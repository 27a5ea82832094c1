; TOML.

[(table) (table_array_element) (array) (inline_table)] @fold
[(array) (inline_table)] @indent
["}" "]"] @dedent
[(table) (table_array_element)] @class
(pair) @parameter
(comment) @comment
(table "[" . (_) @name) @tag.table
(table_array_element "[[" . (_) @name) @tag.table
