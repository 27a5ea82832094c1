; Python: what things are.

[(function_definition) (class_definition) (if_statement) (for_statement) (while_statement) (with_statement)
 (try_statement) (match_statement) (case_clause) (list) (dictionary) (set) (tuple) (argument_list) (parameters)
 (string) (else_clause) (elif_clause) (except_clause) (finally_clause) (import_from_statement)] @fold
[(function_definition) (class_definition) (if_statement) (for_statement) (while_statement) (with_statement)
 (try_statement) (match_statement) (case_clause) (list) (dictionary) (set) (tuple) (argument_list) (parameters)
 (parenthesized_expression) (else_clause) (elif_clause) (except_clause) (finally_clause)] @indent
["else" "elif" "except" "finally" ")" "]" "}"] @dedent
(function_definition body: (_) @function.inner) @function
(lambda body: (_) @function.inner) @function
(class_definition body: (_) @class.inner) @class
(parameters (_) @parameter)
(lambda_parameters (_) @parameter)
(argument_list (_) @parameter)
(comment) @comment
(function_definition name: (_) @name) @tag.function
(class_definition name: (_) @name) @tag.class
(module (expression_statement (assignment left: (identifier) @name) @tag.variable))
