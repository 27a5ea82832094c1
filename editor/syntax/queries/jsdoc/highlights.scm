; Tags in a documentation comment; its text keeps the comment's colour.

(tag_name) @keyword
(type) @type
(tag (identifier) @parameter)
(optional_identifier (identifier) @parameter)
(code_block_line) @code
