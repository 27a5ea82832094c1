; SCSS: CSS with variables, mixins and control.

[(comment) (js_comment)] @comment
[(tag_name) (universal_selector) (nesting_selector)] @tag
[(class_name) (id_name)] @type
(class_selector "." @punctuation)
(id_selector "#" @punctuation)
(placeholder) @type
(attribute_name) @attribute
(pseudo_class_selector (class_name) @attribute)
(pseudo_element_selector (tag_name) @attribute)
(property_name) @property
(feature_name) @property
(plain_value) @constant
((plain_value) @variable (#match? @variable "^--"))
((property_name) @variable (#match? @variable "^--"))
(color_value) @number
[(integer_value) (float_value)] @number
(unit) @type.builtin
(string_value) @string
(variable) @variable
(argument name: (variable) @parameter)
(parameter (variable) @parameter)
(function_name) @function
(identifier) @function
(keyframes_name) @label
(namespace_name) @namespace
[
  "@at-root" "@charset" "@debug" "@each" "@else" "@error" "@extend" "@for" "@forward" "@function" "@if"
  "@import" "@include" "@keyframes" "@media" "@mixin" "@namespace" "@return" "@supports" "@use" "@warn"
  "@while" "and" "from" "if" "in" "not" "only" "or" "through"
] @keyword
[(at_keyword) (to) (from) (keyword_query) (important)] @keyword
["#{" (interpolation "}")] @escape
["=" "!=" "==" "<" "<=" ">" ">=" "^=" "|=" "~=" "$=" "*=" "+" "-" "*" "/" "%" "~" "|"] @operator
["(" ")" "[" "]" "{" "}" ";" "," ":" "::"] @punctuation
(interpolation "}" @escape)
