; Markdown blocks; what is inside a line comes from markdown_inline.

(atx_heading) @heading
(setext_heading) @heading
[
  (atx_h1_marker) (atx_h2_marker) (atx_h3_marker) (atx_h4_marker) (atx_h5_marker) (atx_h6_marker)
  (setext_h1_underline) (setext_h2_underline)
] @punctuation
[(list_marker_minus) (list_marker_plus) (list_marker_star) (list_marker_dot) (list_marker_parenthesis)] @list
[(task_list_marker_checked) (task_list_marker_unchecked)] @list
(thematic_break) @punctuation
(block_quote) @quote
[(block_quote_marker) (block_continuation)] @punctuation
[(indented_code_block) (code_fence_content)] @code
(fenced_code_block_delimiter) @punctuation
(info_string) @label
[(link_destination)] @link
(link_label) @label
(link_title) @string
(pipe_table_header (pipe_table_cell) @strong)
(pipe_table_header "|" @punctuation)
(pipe_table_row "|" @punctuation)
(pipe_table_delimiter_row) @punctuation
[(minus_metadata) (plus_metadata)] @comment
(backslash_escape) @escape
[(entity_reference) (numeric_character_reference)] @escape
