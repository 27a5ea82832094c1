; YAML.

[(block_mapping_pair) (block_sequence_item) (flow_mapping) (flow_sequence) (block_scalar)] @fold
[(block_mapping_pair) (flow_mapping) (flow_sequence)] @indent
["}" "]"] @dedent
(block_mapping_pair) @class
(block_sequence_item) @parameter
(comment) @comment
(block_mapping_pair key: (_) @name value: (block_node)) @tag.key
