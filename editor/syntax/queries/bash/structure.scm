; Shell.

[(function_definition) (if_statement) (case_statement) (case_item) (for_statement) (c_style_for_statement)
 (while_statement) (heredoc_body) (array) (subshell)] @fold
[(compound_statement) (if_statement) (case_statement) (case_item) (do_group) (elif_clause) (else_clause) (array) (subshell)] @indent
["fi" "done" "esac" "else" "elif" "}" ")" ";;"] @dedent
(function_definition body: (_) @function.inner) @function
(comment) @comment
(command argument: (_) @parameter)
(function_definition name: (_) @name) @tag.function
