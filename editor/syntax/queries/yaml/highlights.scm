; YAML.

(comment) @comment
[(double_quote_scalar) (single_quote_scalar) (block_scalar)] @string
(string_scalar) @string
(escape_sequence) @escape
[(integer_scalar) (float_scalar) (timestamp_scalar)] @number
[(boolean_scalar) (null_scalar)] @constant.builtin
(block_mapping_pair key: (flow_node (_) @property))
(block_mapping_pair key: (flow_node (plain_scalar (string_scalar) @property)))
(flow_pair key: (flow_node (_) @property))
(flow_pair key: (flow_node (plain_scalar (string_scalar) @property)))
[(anchor_name) (alias_name)] @label
["&" "*"] @punctuation
(tag) @type
[(yaml_directive) (tag_directive) (reserved_directive)] @macro
["---" "..."] @punctuation
["," "-" ":" ">" "?" "[" "]" "{" "}" "|"] @punctuation
