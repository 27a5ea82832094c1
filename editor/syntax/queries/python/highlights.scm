; Python.

(comment) @comment
((identifier) @type (#match? @type "^[A-Z][A-Za-z0-9]*[a-z]"))
((identifier) @constant (#match? @constant "^_*[A-Z][A-Z0-9_]+$"))
((identifier) @variable.builtin (#any-of? @variable.builtin "self" "cls"))
(attribute attribute: (identifier) @property)

(call function: (identifier) @function)
(call function: (attribute attribute: (identifier) @function))
((call function: (identifier) @type) (#match? @type "^[A-Z][A-Za-z0-9]*[a-z]"))
((call function: (identifier) @function.builtin)
  (#any-of? @function.builtin "abs" "all" "any" "bool" "bytes" "callable" "chr" "dict" "dir" "enumerate"
   "eval" "exec" "filter" "float" "format" "frozenset" "getattr" "hasattr" "hash" "help" "hex" "id"
   "input" "int" "isinstance" "issubclass" "iter" "len" "list" "map" "max" "min" "next" "object" "open"
   "ord" "pow" "print" "property" "range" "repr" "reversed" "round" "set" "setattr" "slice" "sorted"
   "staticmethod" "classmethod" "str" "sum" "super" "tuple" "type" "vars" "zip"))
(function_definition name: (identifier) @function)
(class_definition name: (identifier) @type)
(parameters (identifier) @parameter)
(lambda_parameters (identifier) @parameter)
(default_parameter name: (identifier) @parameter)
(typed_parameter . (identifier) @parameter)
(typed_default_parameter name: (identifier) @parameter)
(list_splat_pattern (identifier) @parameter)
(dictionary_splat_pattern (identifier) @parameter)
(keyword_argument name: (identifier) @parameter)
((identifier) @variable.builtin (#any-of? @variable.builtin "self" "cls"))
(type (identifier) @type)
(type (subscript (identifier) @type))
(decorator "@" @attribute)
(decorator (identifier) @attribute)
(decorator (attribute attribute: (identifier) @attribute))
(decorator (call function: (identifier) @attribute))
(decorator (call function: (attribute attribute: (identifier) @attribute)))
(import_statement name: (dotted_name (identifier) @namespace))
(import_from_statement module_name: (dotted_name (identifier) @namespace))
(aliased_import name: (dotted_name (identifier) @namespace))

[
  "as" "assert" "async" "await" "break" "case" "class" "continue" "def" "del" "elif" "else" "except" "exec"
  "finally" "for" "from" "global" "if" "import" "lambda" "match" "nonlocal" "pass" "print" "raise"
  "return" "try" "type" "while" "with" "yield" "and" "in" "is" "not" "or" "is not" "not in" "__future__"
] @keyword

(string) @string
(module . (comment)* . (expression_statement (string) @comment.doc))
(function_definition body: (block . (expression_statement (string) @comment.doc)))
(class_definition body: (block . (expression_statement (string) @comment.doc)))
(interpolation) @none
(interpolation ["{" "}"] @punctuation)
[(escape_sequence) (escape_interpolation)] @escape
[(integer) (float)] @number
[(true) (false) (none) (ellipsis)] @constant.builtin

[
  "=" "+=" "-=" "*=" "/=" "//=" "%=" "**=" "&=" "|=" "^=" "<<=" ">>=" "@=" ":=" "+" "-" "*" "/" "//"
  "%" "**" "&" "|" "^" "~" "<<" ">>" "==" "!=" "<>" "<" ">" "<=" ">=" "->"
] @operator
["(" ")" "[" "]" "{" "}" "," "." ":" ";"] @punctuation
