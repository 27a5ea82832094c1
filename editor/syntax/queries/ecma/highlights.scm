; What JavaScript and TypeScript share.

[(comment) (html_comment)] @comment
((comment) @comment.doc (#match? @comment.doc "^/\\*\\*[^*]"))
(hash_bang_line) @comment

(property_identifier) @property
(private_property_identifier) @property
(shorthand_property_identifier) @property
((identifier) @type (#match? @type "^[A-Z][A-Za-z0-9$]*[a-z]"))
((identifier) @constant (#match? @constant "^[A-Z][A-Z0-9_$]+$"))
((identifier) @variable.builtin
  (#any-of? @variable.builtin "arguments" "console" "document" "exports" "global" "globalThis"
   "module" "process" "window"))

(call_expression function: (identifier) @function)
(call_expression function: (member_expression property: (property_identifier) @function))
(call_expression function: (member_expression property: (private_property_identifier) @function))
((call_expression function: (identifier) @function.builtin)
  (#any-of? @function.builtin "require" "parseInt" "parseFloat" "isNaN" "fetch" "setTimeout"
   "setInterval" "clearTimeout" "clearInterval" "queueMicrotask" "structuredClone"))
(new_expression constructor: (identifier) @type)
(function_declaration name: (identifier) @function)
(function_expression name: (identifier) @function)
(generator_function_declaration name: (identifier) @function)
(method_definition name: (property_identifier) @function)
(method_definition name: (private_property_identifier) @function)
(method_definition name: (property_identifier) @keyword (#eq? @keyword "constructor"))
(pair key: (property_identifier) @function value: [(function_expression) (arrow_function)])
(variable_declarator name: (identifier) @function value: [(function_expression) (arrow_function)])
(assignment_expression
  left: (member_expression property: (property_identifier) @function)
  right: [(function_expression) (arrow_function)])

(arrow_function parameter: (identifier) @parameter)
(statement_identifier) @label
(class_declaration name: (_) @type)
(decorator "@" @attribute)
(decorator (identifier) @attribute)
(decorator (call_expression function: (identifier) @attribute))

[
  "async" "await" "break" "case" "catch" "class" "const" "continue" "debugger" "default" "delete"
  "do" "else" "export" "extends" "finally" "for" "from" "function" "get" "if" "import" "in"
  "instanceof" "let" "new" "of" "return" "set" "static" "switch" "throw" "try" "typeof"
  "using" "var" "void" "while" "with" "yield" "as" "target" "meta"
] @keyword

(string) @string
(template_string) @string
(template_substitution) @none
(template_substitution ["${" "}"] @punctuation)
(regex) @string.special
(regex_flags) @keyword
(escape_sequence) @escape
(number) @number
[(true) (false) (null) (undefined)] @constant.builtin
[(this) (super)] @variable.builtin

[
  "=" "+=" "-=" "*=" "/=" "%=" "**=" "&=" "|=" "^=" "<<=" ">>=" ">>>=" "&&=" "||=" "??="
  "+" "-" "*" "/" "%" "**" "&" "|" "^" "~" "<<" ">>" ">>>" "==" "===" "!=" "!==" "<" ">" "<=" ">="
  "&&" "||" "??" "!" "++" "--" "=>" "..." "?"
] @operator
(optional_chain) @operator
["(" ")" "[" "]" "{" "}" ";" "," "." ":"] @punctuation
