; HCL.

[(block) (object) (tuple) (heredoc_template) (function_call) (comment)] @fold
[(block) (object) (tuple) (function_call)] @indent
[(block_end) (object_end) (tuple_end) ")"] @dedent
(block (body) @class.inner) @class
(attribute) @parameter
(comment) @comment
(block . (identifier) [(string_lit) (identifier)] @name . (block_start)) @tag.block
(block . (identifier) @name . (block_start)) @tag.block
