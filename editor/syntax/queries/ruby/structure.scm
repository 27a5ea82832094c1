; Ruby.

[(method) (singleton_method) (class) (module) (if) (unless) (case) (while) (until) (for) (begin) (do_block) (block)
 (hash) (array) (argument_list) (heredoc_body) (comment)] @fold
[(method) (singleton_method) (class) (module) (if) (unless) (case) (while) (until) (for) (begin) (do_block) (block)
 (hash) (array) (argument_list) (when)] @indent
["end" "else" "elsif" "when" "rescue" "ensure" "}" ")" "]"] @dedent
(method body: (_) @function.inner) @function
(singleton_method body: (_) @function.inner) @function
(do_block body: (_) @function.inner) @function
(class body: (_) @class.inner) @class
(module body: (_) @class.inner) @class
(method_parameters (_) @parameter)
(block_parameters (_) @parameter)
(argument_list (_) @parameter)
(comment) @comment
(method name: (_) @name) @tag.method
(singleton_method name: (_) @name) @tag.method
(class name: (_) @name) @tag.class
(module name: (_) @name) @tag.module
