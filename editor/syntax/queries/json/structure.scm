; JSON.

[(object) (array)] @fold @indent
["}" "]"] @dedent
(object) @class
(pair) @parameter
(comment) @comment
(object (pair key: (string (string_content) @name)) @tag.key)
