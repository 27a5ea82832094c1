; TOML.

(comment) @comment
(bare_key) @property
(quoted_key) @property
(table (bare_key) @type)
(table (quoted_key) @type)
(table (dotted_key (bare_key) @type))
(table_array_element (bare_key) @type)
(table_array_element (dotted_key (bare_key) @type))
(string) @string
(escape_sequence) @escape
[(integer) (float)] @number
[(local_date) (local_date_time) (local_time) (offset_date_time)] @number
(boolean) @constant.builtin
"=" @operator
["." "," "[" "]" "[[" "]]" "{" "}"] @punctuation
