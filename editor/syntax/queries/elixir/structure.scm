; Elixir.

[(do_block) (anonymous_function) (map) (list) (tuple)] @fold
[(do_block) (anonymous_function) (map) (list) (tuple) (stab_clause) (arguments)] @indent
["end" "else" "after" "rescue" "catch" "}" ")" "]"] @dedent
((call target: (identifier) @_k (do_block) @function.inner) @function (#match? @_k "^(def|defp|defmacro|defmacrop)$"))
((call target: (identifier) @_k (do_block) @class.inner) @class (#match? @_k "^(defmodule|defprotocol|defimpl)$"))
(arguments (_) @parameter)
(comment) @comment
((call target: (identifier) @_k (arguments (alias) @name)) @tag.module (#match? @_k "^(defmodule|defprotocol|defimpl)$"))
((call target: (identifier) @_k (arguments [(identifier) @name (call target: (identifier) @name)
  (binary_operator left: (call target: (identifier) @name))])) @tag.function (#match? @_k "^(def|defp|defmacro|defmacrop)$"))
