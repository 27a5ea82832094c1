; Svelte.

[(element) (script_element) (style_element) (if_statement) (each_statement) (comment)] @fold
[(element) (script_element) (style_element) (if_statement) (each_statement)] @indent
(end_tag) @dedent
(element) @class
(attribute) @parameter
(comment) @comment
((element (start_tag (tag_name) @name)) @tag.element (#match? @name "^([A-Z]|h[1-6]$|main$|nav$|header$|footer$|section$|form$)"))
