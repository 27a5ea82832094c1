; inherits: ecma types
; TypeScript with JSX.

(jsx_element) @fold
[(jsx_element) (jsx_opening_element) (jsx_self_closing_element)] @indent
(jsx_closing_element) @dedent
