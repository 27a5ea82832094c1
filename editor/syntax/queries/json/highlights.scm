; JSON, with the comments some files have.

(string) @string
(pair key: (string) @property)
(escape_sequence) @escape
(number) @number
[(true) (false) (null)] @constant.builtin
(comment) @comment
["{" "}" "[" "]" "," ":"] @punctuation
