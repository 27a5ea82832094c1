; Elixir: nearly everything is a call, so names decide.

(comment) @comment
(identifier) @variable
(alias) @type
[(atom) (quoted_atom) (keyword) (quoted_keyword)] @constant
(pair key: (keyword) @property)
(call target: (identifier) @function)
(call target: (dot right: (identifier) @function))
((call target: (identifier) @keyword)
  (#match? @keyword "^(def|defp|defmodule|defmacro|defmacrop|defstruct|defprotocol|defimpl|defexception|defdelegate|defguard|alias|import|require|use|if|unless|case|cond|with|for|try|receive|quote|unquote|raise|throw)$"))
((call target: (identifier) @keyword (arguments [
   (identifier) @function
   (call target: (identifier) @function)
   (binary_operator left: (call target: (identifier) @function))]))
  (#match? @keyword "^(def|defp|defmacro|defmacrop|defdelegate|defguard)$"))
((identifier) @variable.builtin (#match? @variable.builtin "^(__MODULE__|__DIR__|__ENV__|__CALLER__|self)$"))
((identifier) @comment (#match? @comment "^_"))
(unary_operator operator: "@" @attribute operand: [(identifier) @attribute (call target: (identifier) @attribute)])
((unary_operator operator: "@" @comment.doc operand: (call target: (identifier) @comment.doc
   (arguments (string) @comment.doc)))
  (#match? @comment.doc "^(doc|moduledoc|typedoc|@|\")"))
[(string) (charlist) (sigil) (char)] @string
(sigil_name) @string.special
(escape_sequence) @escape
(interpolation ["#{" "}"] @escape)
[(integer) (float)] @number
[(boolean) (nil)] @constant.builtin
["do" "end" "fn" "after" "catch" "else" "rescue" "when" "and" "or" "not" "in"] @keyword
(binary_operator operator: _ @operator)
["->" "=>" "<-" "|>" "="] @operator
(binary_operator operator: ["and" "or" "in" "when"] @keyword)
["(" ")" "[" "]" "{" "}" "," "." ";" "<<" ">>"] @punctuation
