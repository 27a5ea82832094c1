; Kotlin.

[(line_comment) (block_comment)] @comment
((block_comment) @comment.doc (#match? @comment.doc "^/\\*\\*[^*]"))
(shebang) @macro
(identifier) @variable
((identifier) @constant (#match? @constant "^[A-Z][A-Z0-9_]+$"))
(user_type (identifier) @type)
((user_type (identifier) @type.builtin)
  (#match? @type.builtin "^(Int|Long|Short|Byte|Float|Double|Boolean|Char|String|Unit|Nothing|Any)$"))
(class_declaration name: (identifier) @type)
(object_declaration name: (identifier) @type)
(type_alias type: (identifier) @type)
(type_parameter (identifier) @type)
(enum_entry (identifier) @constant)
(function_declaration name: (identifier) @function)
(call_expression . (identifier) @function)
(navigation_expression (identifier) @property .)
(call_expression . (navigation_expression (identifier) @function .))
(parameter . (identifier) @parameter)
(class_parameter (identifier) @parameter)
(value_argument . (identifier) @parameter . "=")
(annotation) @attribute
(file_annotation) @attribute
(package_header (qualified_identifier (identifier) @namespace))
(import (qualified_identifier (identifier) @namespace))
(label) @label
[(string_literal) (multiline_string_literal) (character_literal)] @string
(escape_sequence) @escape
(interpolation ["$" "${" "}"] @escape)
[(number_literal) (float_literal)] @number
((identifier) @constant.builtin (#match? @constant.builtin "^(true|false|null)$"))
((identifier) @keyword (#match? @keyword "^(break|continue)$"))
((identifier) @variable.builtin (#eq? @variable.builtin "it"))
[(this_expression) (super_expression)] @variable.builtin
[
  "abstract" "actual" "annotation" "as" "as?" "by" "catch" "class" "companion" "const" "constructor"
  "crossinline" "data" "do" "else" "enum" "expect" "external" "final" "finally" "for" "fun" "get" "if"
  "import" "in" "infix" "init" "inline" "inner" "interface" "internal" "is" "lateinit" "noinline" "object"
  "open" "operator" "out" "override" "package" "private" "protected" "public" "return" "return@" "sealed"
  "set" "suspend" "tailrec" "throw" "try" "typealias" "val" "value" "var" "vararg" "when" "where" "while"
  "!in" "!is"
] @keyword
[
  "=" "+=" "-=" "*=" "/=" "%=" "+" "-" "*" "/" "%" "==" "!=" "===" "!==" "<" ">" "<=" ">=" "&&" "||" "!"
  "!!" "?:" "?." "->" ".." "..<" "++" "--"
] @operator
["(" ")" "[" "]" "{" "}" ";" "," "." ":" "::"] @punctuation
