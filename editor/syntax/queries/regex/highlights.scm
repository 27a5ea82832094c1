; Regular expressions, mostly inside others.

(pattern) @string.special
[(character_class) (posix_character_class)] @constant
[(character_class_escape) (class_character)] @constant
[
  (control_escape) (identity_escape) (control_letter_escape) (unicode_character_escape) (decimal_escape)
  (backreference_escape)
] @escape
[(zero_or_more) (one_or_more) (optional) (count_quantifier) (lazy)] @operator
[(start_assertion) (end_assertion) (boundary_assertion) (non_boundary_assertion)] @keyword
(any_character) @variable.builtin
(decimal_digits) @number
(group_name) @label
(flags) @keyword
(unicode_property_name) @property
(unicode_property_value) @constant
["(" ")" "(?" "(?:" "(?<" "(?P<" "[" "]" "{" "}" ","] @punctuation
["|" "=" "!"] @operator
