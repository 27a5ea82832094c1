; Markdown: sections by their headings.

(section) @fold
[(fenced_code_block) (list) (block_quote) (pipe_table)] @fold
(section) @class
(section (atx_heading heading_content: (_) @name)) @tag.heading
(section (setext_heading heading_content: (_) @name)) @tag.heading
