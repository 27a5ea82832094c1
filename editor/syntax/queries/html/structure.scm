; HTML.

[(element) (script_element) (style_element) (comment)] @fold
[(element) (script_element) (style_element)] @indent
(end_tag) @dedent
(element) @class
(attribute) @parameter
(comment) @comment
(element (start_tag (attribute (attribute_name) @_id (quoted_attribute_value (attribute_value) @name)) (#eq? @_id "id"))) @tag.id
((element (start_tag (tag_name) @name)) @tag.element (#match? @name "^(h[1-6]|main|nav|header|footer|section|article|form|table|body|head)$"))
