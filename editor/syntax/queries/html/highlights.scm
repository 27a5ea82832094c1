; HTML.

(comment) @comment
(doctype) @macro
(tag_name) @tag
(erroneous_end_tag_name) @error
(attribute_name) @attribute
[(attribute_value) (quoted_attribute_value)] @string
((attribute (attribute_name) @_name (quoted_attribute_value (attribute_value) @link))
  (#any-of? @_name "href" "src" "action" "srcset"))
(entity) @escape
((element (start_tag (tag_name) @_tag) (text) @heading) (#match? @_tag "^(h[1-6]|title)$"))
((element (start_tag (tag_name) @_tag) (text) @strong) (#any-of? @_tag "b" "strong"))
((element (start_tag (tag_name) @_tag) (text) @emphasis) (#any-of? @_tag "i" "em"))
["<" ">" "</" "/>" "<!"] @punctuation
"=" @operator
