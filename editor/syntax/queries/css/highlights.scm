; CSS.

[(comment) (js_comment)] @comment
(tag_name) @tag
[(universal_selector) (nesting_selector)] @tag
[(class_name) (id_name)] @type
(class_selector "." @punctuation)
(id_selector "#" @punctuation)
(attribute_name) @attribute
(pseudo_class_selector (class_name) @attribute)
(pseudo_element_selector (tag_name) @attribute)
(property_name) @property
((property_name) @variable (#match? @variable "^--"))
((plain_value) @variable (#match? @variable "^--"))
(feature_name) @property
(function_name) @function
(namespace_name) @namespace
(keyframes_name) @label
(plain_value) @constant
((plain_value) @variable (#match? @variable "^--"))
(color_value) @number
[(integer_value) (float_value)] @number
(unit) @type.builtin
(string_value) @string
(escape_sequence) @escape
[(important) (important_value)] @keyword
[
  "@charset" "@import" "@keyframes" "@media" "@namespace" "@scope" "@supports" "and" "not" "of" "only"
  "or" "selector"
] @keyword
[(at_keyword) (to) (from) (keyword_query)] @keyword
["=" "^=" "|=" "~=" "$=" "*=" "+" "-" "*" "/" ">" "~" "|"] @operator
["(" ")" "[" "]" "{" "}" ";" "," ":" "::"] @punctuation
