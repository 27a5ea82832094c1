; Inside one paragraph of Markdown.

(emphasis) @emphasis
(strong_emphasis) @strong
(strikethrough) @strike
(code_span) @code
(emphasis_delimiter) @punctuation
(code_span_delimiter) @punctuation
[(inline_link) (full_reference_link) (collapsed_reference_link) (shortcut_link) (image)] @punctuation
[(link_text) (image_description)] @link
[(link_destination) (uri_autolink) (email_autolink)] @link
(link_label) @label
(link_title) @string
(latex_block) @code
(html_tag) @tag
[(backslash_escape) (hard_line_break)] @escape
[(entity_reference) (numeric_character_reference)] @escape
