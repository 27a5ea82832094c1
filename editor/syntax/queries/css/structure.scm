; CSS.

[(block) (comment)] @fold
(block) @indent
"}" @dedent
(rule_set (block) @class.inner) @class
(declaration) @parameter
(comment) @comment
(rule_set (selectors) @name) @tag.rule
(media_statement "@media" . (_) @name) @tag.media
(keyframes_statement (keyframes_name) @name) @tag.keyframes
