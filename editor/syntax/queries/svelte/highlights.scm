; Svelte: HTML with blocks.

(comment) @comment
(doctype) @macro
(tag_name) @tag
((tag_name) @type (#match? @type "^[A-Z]"))
(erroneous_end_tag_name) @error
(attribute_name) @attribute
[(attribute_value) (quoted_attribute_value)] @string
(entity) @escape
(snippet_name) @function
[
  "as" "await" "catch" "const" "debug" "each" "else" "else if" "html" "if" "key" "render" "snippet" "then"
] @keyword
["<" ">" "</" "/>" "<!" "{" "}" "(" ")" "#" "/" "@"] @punctuation
"=" @operator
